//! A worker that stops with a job still in its queue, or without: `select!` takes a ready branch by chance, and the seed decides.
//!
//! Run it by `cargo run --example select_seeds`, and its tests by `cargo test --example select_seeds`.

use std::thread;

use standstill::{Builder, clock, os, prelude::*};
use tokio::sync::{mpsc, oneshot};
use tokio::time::sleep;

/// Works until it is told to stop. If a job comes at that very instant, it may be lost.
async fn careless(mut jobs: mpsc::Receiver<u32>, mut stop: oneshot::Receiver<()>) -> Vec<u32> {
    let mut done = Vec::new();
    loop {
        tokio::select! {
            Some(job) = jobs.recv() => done.push(job),
            _ = &mut stop => return done,
        }
    }
}

/// Works until it is told to stop, and has done what came until then.
async fn careful(mut jobs: mpsc::Receiver<u32>, mut stop: oneshot::Receiver<()>) -> Vec<u32> {
    let mut done = Vec::new();
    loop {
        tokio::select! {
            biased;
            Some(job) = jobs.recv() => done.push(job),
            _ = &mut stop => return done,
        }
    }
}

/// Gives a worker a job each hour, three in all, and with the last one the word to stop.
async fn day<F: Future<Output = Vec<u32>>>(
    worker: impl FnOnce(mpsc::Receiver<u32>, oneshot::Receiver<()>) -> F,
) -> Vec<u32> {
    let ((give, jobs), (stop, stopped)) = (mpsc::channel(8), oneshot::channel());
    let boss = async {
        for job in 1..=3 {
            sleep(1.hours()).await;
            give.send(job).await.unwrap();
        }
        stop.send(()).unwrap();
    };
    tokio::join!(worker(jobs, stopped), boss).0
}

/// A day of the careless worker under a seed, on a fresh thread as the attribute has it.
fn careless_day(seed: u64) -> Vec<u32> {
    let run = move || Builder::new().seed(seed).run(async || day(careless).await);
    thread::spawn(run).join().unwrap()
}

fn main() {
    if !os::support().is_active() {
        println!("A seed decides nothing here: {}", os::support());
        return;
    }
    println!("Three jobs, and with the last one the word to stop. Careless, under");
    for seed in 1..=8 {
        println!("  seed {seed}: did {:?}", careless_day(seed));
    }
    standstill::run(async || println!("Careful: did {:?}, after {:?}", day(careful).await, clock::elapsed()));
}

#[cfg(all(test, target_os = "linux", target_env = "gnu"))]
mod tests {
    use std::collections::BTreeSet;

    use standstill::probe::Meter;

    use super::*;

    /// In twenty processes, each with another order of `select!`. Were it the careless one, the report would name the first
    /// seed that loses a job.
    #[async_test(seeds = 20)]
    async fn the_careful_one_does_all_jobs_whatever_the_seed() {
        assert_eq!(day(careful).await, [1, 2, 3]);
        assert_elapsed!(3.hours());
    }

    #[async_test(seed = 1, check_determinism = true)]
    async fn with_one_seed_every_day_is_the_same() {
        // The logs of two runs are compared, and each tick is a line there.
        let jobs = Meter::new();

        for _ in day(careless).await {
            jobs.tick();
        }
    }

    #[test]
    fn with_some_seeds_the_careless_one_loses_a_job() {
        let days: BTreeSet<_> = (1..=64).map(careless_day).collect();

        assert_eq!(days, BTreeSet::from([vec![1, 2], vec![1, 2, 3]]));
    }
}
