//! governor with std's `Instant`, and the timer thread of futures-timer on which its waits end.

use std::num::NonZeroU32;

use governor::clock::MonotonicClock;
use governor::{Quota, RateLimiter};
use standstill::prelude::*;
use standstill::probe::Meter;
use tokio::time::sleep;

fn ten_a_second() -> Quota {
    Quota::per_second(NonZeroU32::new(10).unwrap())
}

#[async_test]
async fn a_full_bucket_gives_its_burst_and_then_a_cell_each_100_ms() {
    let limiter = RateLimiter::direct_with_clock(ten_a_second(), MonotonicClock);
    let calls = Meter::new();

    for _ in 0..30 {
        limiter.until_ready().await;
        calls.tick();
    }

    let expected = (0..30_u64).map(|call| (call.saturating_sub(9) * 100).millis());
    assert_eq!(calls.instants(), expected.collect::<Vec<_>>());
    assert_elapsed!(2.secs());
}

#[async_test]
async fn an_empty_bucket_refuses_until_its_next_cell() {
    let limiter = RateLimiter::direct_with_clock(ten_a_second(), MonotonicClock);
    assert!((0..10).all(|_| limiter.check().is_ok()));

    assert!(limiter.check().is_err());
    sleep(99.millis()).await;
    assert!(limiter.check().is_err());
    sleep(1.millis()).await;
    assert!(limiter.check().is_ok());
    assert!(limiter.check().is_err());
}
