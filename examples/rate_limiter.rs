//! A limiter of N calls a second, and the proof by `proptest` that no window of a second ever holds more, wherever it begins,
//! and that no call waits longer than that takes.
//!
//! Run it by `cargo run --example rate_limiter`, and its tests by `cargo test --example rate_limiter`.

use std::collections::VecDeque;
use std::time::Duration;

use futures::future::join_all;
use standstill::{clock, prelude::*};
use tokio::sync::Mutex;
use tokio::time::{Instant, sleep, sleep_until};

/// Lets through at most so many calls in any window of a second, in the order in which they come.
struct Limiter {
    most: usize,
    /// When the last calls were let through, the oldest first; at most `most` of them.
    recent: Mutex<VecDeque<Instant>>,
}

impl Limiter {
    fn per_second(most: usize) -> Self {
        assert!(most > 0, "a limiter of no calls would let nothing through");
        Self { most, recent: Mutex::new(VecDeque::with_capacity(most)) }
    }

    /// Waits for this call's turn. Dropped before that, it takes nobody's turn away.
    async fn acquire(&self) {
        // Held while waiting: the others queue up behind it, and tokio's Mutex is fair.
        let mut recent = self.recent.lock().await;
        if recent.len() == self.most {
            sleep_until(recent[0] + Duration::from_secs(1)).await;
            recent.pop_front();
        }
        recent.push_back(Instant::now());
    }
}

macro_rules! say {
    ($($what:tt)*) => { println!("{:>7.3} s  {}", clock::elapsed().as_secs_f64(), format_args!($($what)*)) };
}

fn main() {
    println!("At most 3 calls in any second");
    standstill::run(async || {
        let limiter = Limiter::per_second(3);
        let calls = [0, 400, 800, 900, 1000, 1100, 3000, 3000, 3000, 3000].map(async |comes: u64| {
            sleep(comes.millis()).await;
            let ((), waited) = clock::timed(limiter.acquire()).await;
            say!("a call is let through, {} ms after it came", waited.as_millis());
        });
        join_all(calls).await;
    });
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use standstill::probe::Meter;
    use tokio::time::timeout;

    use super::*;

    /// Has calls come at these milliseconds, and measures when they are let through.
    async fn let_through(limiter: &Limiter, calls: &[u64]) -> Meter {
        let meter = Meter::new();
        join_all(calls.iter().map(async |comes| {
            sleep(comes.millis()).await;
            limiter.acquire().await;
            meter.tick();
        }))
        .await;
        meter
    }

    proptest! {
        #[test]
        fn no_window_of_a_second_holds_more_than_the_limit(
            most in 1..10_usize,
            calls in prop::collection::vec(0..5_000_u64, 0..60),
        ) {
            let let_through = standstill::run(async || let_through(&Limiter::per_second(most), &calls).await);

            prop_assert_eq!(let_through.count(), calls.len());
            let_through.assert_at_most(most, 1.secs());
        }

        #[test]
        fn no_call_waits_longer_than_the_limit_takes(
            most in 1..10_usize,
            mut calls in prop::collection::vec(0..5_000_u64, 0..60),
        ) {
            calls.sort_unstable();
            let mut earliest: Vec<Duration> = Vec::new();
            for (number, comes) in calls.iter().enumerate() {
                let has_room = number.checked_sub(most).map_or(0.secs(), |before| earliest[before] + 1.secs());
                earliest.push(has_room.max(comes.millis()));
            }

            let let_through = standstill::run(async || let_through(&Limiter::per_second(most), &calls).await);

            prop_assert_eq!(let_through.instants(), earliest);
        }
    }

    #[async_test]
    async fn a_burst_is_spread_over_the_seconds() {
        let meter = let_through(&Limiter::per_second(10), &[0; 25]).await;

        assert_eq!(meter.burst(), 10);
        assert_eq!(meter.peak(1.secs()), 10);
        assert_eq!(meter.peak(1.secs() + 1.millis()), 20);
        assert_elapsed!(2.secs());
    }

    #[async_test]
    async fn a_call_that_gives_up_takes_no_turn_away() {
        let limiter = Limiter::per_second(1);
        limiter.acquire().await;

        let impatient = timeout(500.millis(), limiter.acquire()).await;
        limiter.acquire().await;

        assert!(impatient.is_err());
        assert_elapsed!(1.secs());
    }
}
