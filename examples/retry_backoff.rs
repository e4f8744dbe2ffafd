//! A retry with exponential backoff: pauses that double up to a limit, each asserted exactly though they add up to minutes.
//!
//! Run it by `cargo run --example retry_backoff`, and its tests by `cargo test --example retry_backoff`.

use std::time::Duration;

use standstill::{clock, prelude::*};
use tokio::time::sleep;

/// How often to try, and how long to pause in between.
#[derive(Clone, Copy)]
struct Backoff {
    attempts: u32,
    first_pause: Duration,
    longest_pause: Duration,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Error {
    /// Worth another attempt.
    Unavailable,
    /// Will not get better.
    Forbidden,
}

impl Backoff {
    /// Calls until it goes well, fails for good, or has been tried often enough.
    async fn retry<T>(self, call: impl AsyncFn() -> Result<T, Error>) -> Result<T, Error> {
        let mut pause = self.first_pause;
        for _ in 1..self.attempts {
            match call().await {
                Err(Error::Unavailable) => sleep(pause).await,
                result => return result,
            }
            pause = self.longest_pause.min(pause * 2);
        }
        call().await
    }
}

const BACKOFF: Backoff =
    Backoff { attempts: 8, first_pause: Duration::from_secs(1), longest_pause: Duration::from_secs(30) };

macro_rules! say {
    ($($what:tt)*) => { println!("{:>7.3} s  {}", clock::elapsed().as_secs_f64(), format_args!($($what)*)) };
}

fn main() {
    println!("A service that is back after 40 s; pauses of 1 s, doubled up to 30 s");
    standstill::run(async || {
        let result = BACKOFF.retry(async || {
            let answer = if clock::elapsed() < 40.secs() { Err(Error::Unavailable) } else { Ok("welcome") };
            say!("called: {answer:?}");
            answer
        });
        let result = result.await;
        say!("=> {result:?}");
    });

    for error in [Error::Unavailable, Error::Forbidden] {
        println!("\nA service that needs half a second to say {error:?}");
        standstill::run(async || {
            let result = BACKOFF.retry(async || -> Result<(), _> {
                sleep(500.millis()).await;
                say!("called");
                Err(error)
            });
            let result = result.await;
            say!("=> {result:?}");
        });
    }
}

#[cfg(test)]
mod tests {
    use standstill::probe::Meter;

    use super::*;

    #[async_test]
    async fn pauses_double_up_to_the_longest() {
        let calls = Meter::new();

        let result = BACKOFF.retry(async || -> Result<(), _> {
            calls.tick();
            Err(Error::Unavailable)
        });

        assert_eq!(result.await, Err(Error::Unavailable));
        assert_eq!(calls.spacing(), [1, 2, 4, 8, 16, 30, 30].map(Units::secs));
        assert_elapsed!(91.secs());
    }

    #[async_test]
    async fn a_pause_begins_when_the_call_has_failed() {
        let calls = Meter::new();

        let result = BACKOFF.retry(async || -> Result<(), _> {
            calls.tick();
            sleep(500.millis()).await;
            Err(Error::Unavailable)
        });

        assert_eq!(result.await, Err(Error::Unavailable));
        assert_eq!(calls.spacing(), [1500, 2500, 4500, 8500, 16500, 30500, 30500].map(Units::millis));
    }

    #[async_test]
    async fn the_first_good_answer_is_the_last_call() {
        let calls = Meter::new();

        let result = BACKOFF.retry(async || {
            calls.tick();
            if calls.count() == 3 { Ok("third time lucky") } else { Err(Error::Unavailable) }
        });

        assert_eq!(result.await, Ok("third time lucky"));
        assert_eq!(calls.instants(), [0.secs(), 1.secs(), 3.secs()]);
        assert_elapsed!(3.secs());
    }

    #[async_test]
    async fn what_fails_for_good_is_not_tried_again() {
        let calls = Meter::new();

        let result = BACKOFF.retry(async || -> Result<(), _> {
            calls.tick();
            Err(Error::Forbidden)
        });

        assert_eq!(result.await, Err(Error::Forbidden));
        assert_eq!(calls.count(), 1);
        assert_elapsed!(0.secs());
    }
}
