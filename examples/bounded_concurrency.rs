//! 10,000 jobs, at most 100 of them at once: how long they take together, and how many ran at the same time, exactly.
//!
//! Run it by `cargo run --example bounded_concurrency`, and its tests by `cargo test --example bounded_concurrency`.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use standstill::{clock, prelude::*};
use tokio::sync::Semaphore;
use tokio::task::{JoinError, JoinSet};
use tokio::time::sleep;

/// Runs jobs as tasks, at most so many at once, and gives the results in the order of the jobs.
///
/// # Errors
///
/// Gives the error of a job that panicked; the others are cancelled.
async fn run_bounded<J>(most: usize, jobs: impl IntoIterator<Item = J>) -> Result<Vec<J::Output>, JoinError>
where
    J: Future<Output: Send + 'static> + Send + 'static,
{
    let room = Arc::new(Semaphore::new(most));
    let mut running = JoinSet::new();
    for (number, job) in jobs.into_iter().enumerate() {
        let room = Arc::clone(&room);
        running.spawn(async move {
            let _permit = room.acquire().await.expect("the semaphore is never closed");
            (number, job.await)
        });
    }
    let mut results = Vec::with_capacity(running.len());
    while let Some(result) = running.join_next().await {
        results.push(result?);
    }
    results.sort_unstable_by_key(|(number, _)| *number);
    Ok(results.into_iter().map(|(_, result)| result).collect())
}

/// Counts who is inside, and the most that ever were.
#[derive(Default)]
struct Gauge {
    inside: AtomicUsize,
    peak: AtomicUsize,
}

impl Gauge {
    async fn around<F: Future>(&self, inner: F) -> F::Output {
        let inside = self.inside.fetch_add(1, Relaxed) + 1;
        self.peak.fetch_max(inside, Relaxed);
        let output = inner.await;
        self.inside.fetch_sub(1, Relaxed);
        output
    }

    fn peak(&self) -> usize {
        self.peak.load(Relaxed)
    }
}

macro_rules! say {
    ($($what:tt)*) => { println!("{:>7.3} s  {}", clock::elapsed().as_secs_f64(), format_args!($($what)*)) };
}

fn main() {
    println!("10,000 jobs of a second each, at most 100 at once");
    standstill::run(async || {
        let gauge = Arc::new(Gauge::default());
        let jobs = (1..=10_000).map(|job| {
            let gauge = Arc::clone(&gauge);
            async move {
                gauge.around(sleep(1.secs())).await;
                if job % 1_000 == 0 {
                    say!("{job:>6} jobs are done");
                }
            }
        });
        run_bounded(100, jobs).await.unwrap();
        say!("all are done; at the same time ran {} at most", gauge.peak());
    });
}

#[cfg(test)]
mod tests {
    use standstill::{probe::Meter, task};

    use super::*;

    #[async_test]
    async fn ten_thousand_jobs_take_a_hundred_turns_of_a_hundred() {
        let (gauge, starts) = (Arc::new(Gauge::default()), Meter::new());
        let jobs = (0..10_000).map(|_| {
            let (gauge, starts) = (Arc::clone(&gauge), starts.clone());
            async move {
                starts.tick();
                gauge.around(sleep(1.secs())).await;
            }
        });

        run_bounded(100, jobs).await.unwrap();

        assert_elapsed!(100.secs());
        assert_eq!(gauge.peak(), 100);
        assert_eq!((starts.count(), starts.burst()), (10_000, 100));
        starts.assert_at_most(100, 1.secs());
    }

    #[async_test]
    async fn the_next_job_starts_when_one_ends_and_results_keep_the_order_of_the_jobs() {
        let jobs = [5, 1, 1, 1, 1, 1].map(|seconds: u64| async move {
            let starts = clock::elapsed();
            sleep(seconds.secs()).await;
            starts
        });

        let starts = run_bounded(2, jobs).await.unwrap();

        assert_eq!(starts, [0, 0, 1, 2, 3, 4].map(Units::secs));
        assert_elapsed!(5.secs());
    }

    #[async_test]
    async fn a_job_that_panics_cancels_the_others() {
        task::expect_panics(1, "out of paper");
        let printed = Meter::new();
        let jobs = [1, 2].map(|seconds: u64| {
            let printed = printed.clone();
            async move {
                sleep(seconds.secs()).await;
                assert!(seconds > 1, "out of paper");
                printed.tick();
            }
        });

        let error = run_bounded(2, jobs).await.unwrap_err();

        assert!(error.is_panic());
        assert_elapsed!(1.secs());
        sleep(1.hours()).await;
        assert_eq!(printed.count(), 0);
    }
}
