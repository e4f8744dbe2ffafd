//! The first pitfall of async code, a call that blocks the thread: what a heartbeat on the same thread sees meanwhile, how the test
//! that makes such a call fails, and two ways to do it right.
//!
//! Run it by `cargo run --example blocking_pitfall`, and its tests by `cargo test --example blocking_pitfall`.

use std::thread;
use std::time::Duration;

use standstill::blocking::{Policy, allow_blocking};
use standstill::{Builder, Level, clock, prelude::*};
use tokio::task::spawn_blocking;
use tokio::time::{MissedTickBehavior, interval, sleep};

const WORK: Duration = Duration::from_secs(4);

/// Wrong: the thread sleeps, and with it every other task that it runs.
#[expect(clippy::unused_async, reason = "that nothing is awaited is what is wrong with it")]
async fn wrong() {
    thread::sleep(WORK);
}

/// Right: only this task waits.
async fn right() {
    sleep(WORK).await;
}

/// Right too, for a call that can only block: a thread that has nothing else to do makes it.
async fn on_a_thread_of_its_own() {
    spawn_blocking(|| thread::sleep(WORK)).await.expect("sleeping does not panic");
}

/// Does some work, and gives the seconds in which a heartbeat beside it ran.
async fn beats_during(work: impl Future<Output = ()>) -> Vec<u64> {
    let mut beats = Vec::new();
    let mut heart = interval(1.secs());
    heart.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let beat = async {
        loop {
            heart.tick().await;
            beats.push(clock::elapsed().as_secs());
        }
    };
    tokio::select! {
        biased;
        () = beat => {}
        () = work => {}
    }
    beats
}

/// Shows the seconds, one after the other, with a beat or without: `o..oo`.
fn timeline(beats: &[u64]) -> String {
    (0..=WORK.as_secs()).map(|second| if beats.contains(&second) { 'o' } else { '.' }).collect()
}

fn main() {
    println!("A heartbeat beside work of {WORK:?}, on one thread; o is a beat in its second.\n");
    // Here the wrong one is to be seen at work, so it is not to fail.
    let beats = Builder::new().blocking(Policy::all(Level::Allow)).run(async || beats_during(wrong()).await);
    println!("  thread::sleep                   {}", timeline(&beats));
    let beats = standstill::run(async || beats_during(right()).await);
    println!("  tokio::time::sleep              {}", timeline(&beats));
    let beats = standstill::run(async || beats_during(on_a_thread_of_its_own()).await);
    println!("  thread::sleep in spawn_blocking {}", timeline(&beats));

    println!("\nUnless it is allowed to, the wrong one fails its test:\n");
    match Builder::new().try_run(async || wrong().await) {
        Ok(()) => println!("here it does not: {}", standstill::os::support()),
        Err(failure) => println!("{failure}"),
    }

    println!("A call that is known, and meant, says why it may:\n");
    Builder::new().run(async || allow_blocking("a driver warms up once", || thread::sleep(WORK)));
    println!("  allow_blocking(\"a driver warms up once\", || thread::sleep(..)) passes");
}

#[cfg(all(test, target_os = "linux", target_env = "gnu"))]
mod tests {
    use standstill::Kind;

    use super::*;

    #[async_test(blocking(sleeps = "allow"))]
    async fn a_thread_that_sleeps_stops_the_heart() {
        assert_eq!(timeline(&beats_during(wrong()).await), "o....");
    }

    #[async_test]
    async fn a_task_that_sleeps_does_not() {
        assert_eq!(timeline(&beats_during(right()).await), "ooooo");
    }

    #[async_test]
    async fn a_blocking_thread_that_sleeps_does_not() {
        assert_eq!(timeline(&beats_during(on_a_thread_of_its_own()).await), "ooooo");
    }

    #[test]
    fn the_wrong_one_fails_its_test() {
        let failure = Builder::new().try_run(async || wrong().await).unwrap_err();

        assert_eq!(failure.kind(), Kind::Blocking);
        let report = failure.to_string();
        assert!(report.starts_with("standstill: the body blocks its thread at 0.000 s: std::thread::sleep (4s)\n"));
        assert!(report.contains("blocking_pitfall::wrong\n"));
    }

    #[async_test]
    async fn what_is_known_and_meant_says_why_it_may() {
        allow_blocking("a driver warms up once", || thread::sleep(WORK));

        assert_elapsed!(4.secs());
    }
}
