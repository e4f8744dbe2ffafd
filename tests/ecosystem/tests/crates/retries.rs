//! Crates that retry: backon, on tokio's timer and on a thread, and tokio-retry.

use backon::{BlockingRetryable as _, ExponentialBuilder, Retryable as _};
use standstill::prelude::*;
use standstill::probe::Meter;
use tokio::task::spawn_blocking;
use tokio_retry::Retry;
use tokio_retry::strategy::{ExponentialBackoff, FixedInterval};

fn one_two_four() -> ExponentialBuilder {
    ExponentialBuilder::default().with_min_delay(1.secs()).with_factor(2.0).with_max_times(3)
}

#[async_test]
async fn backon_doubles_its_pause() {
    let calls = Meter::new();
    let call = async || {
        calls.tick();
        Err::<(), _>("unavailable")
    };

    assert_eq!(call.retry(one_two_four()).await, Err("unavailable"));

    assert_eq!(calls.instants(), [0, 1, 3, 7].map(Units::secs));
    assert_elapsed!(7.secs());
}

#[async_test]
async fn backon_doubles_its_pause_on_a_thread() {
    let calls = Meter::new();
    let seen = calls.clone();
    let call = move || {
        seen.tick();
        Err::<(), _>("unavailable")
    };

    assert_eq!(spawn_blocking(|| call.retry(one_two_four()).call()).await.unwrap(), Err("unavailable"));

    assert_eq!(calls.instants(), [0, 1, 3, 7].map(Units::secs));
    assert_elapsed!(7.secs());
}

#[async_test]
async fn tokio_retry_multiplies_its_pause() {
    let calls = Meter::new();
    let call = async || {
        calls.tick();
        if calls.count() < 4 { Err("unavailable") } else { Ok(7) }
    };

    let pauses = ExponentialBackoff::from_millis(10).factor(100).max_delay(30.secs());

    assert_eq!(Retry::start(pauses, call).await, Ok(7));
    assert_eq!(calls.instants(), [0, 1, 11, 41].map(Units::secs));
}

#[async_test]
async fn tokio_retry_keeps_a_fixed_pause() {
    let call = async || Err::<(), _>("unavailable");

    assert_eq!(Retry::start(FixedInterval::new(5.secs()).take(12), call).await, Err("unavailable"));
    assert_elapsed!(1.mins());
}
