//! OS threads that sleep, as members of a bubble, and a runtime of two workers beside one of one thread.
use std::thread;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use standstill::blocking::Policy;
use standstill::{Builder, Flavor, Level, prelude::*};
use tokio::task::JoinSet;
use tokio::time::sleep;

/// Threads that end one after the other; each sleeps so often.
fn sleepers(count: u64, sleeps: u64) {
    let threads: Vec<_> = (0..count)
        .map(|number| {
            thread::spawn(move || {
                for _ in 0..sleeps {
                    thread::sleep(Duration::from_millis(1 + number));
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
}

fn members(criterion: &mut Criterion) {
    // The body joins its threads itself.
    let bubble = || Builder::new().blocking(Policy::all(Level::Allow));
    let mut group = criterion.benchmark_group("threads that sleep ten times");
    group.sample_size(10);
    for count in [10, 100, 1_000] {
        group.bench_function(BenchmarkId::new("in a bubble", count), |bench| {
            bench.iter(|| bubble().run(async || sleepers(count, 10)));
        });
    }
    for count in [10, 100, 1_000] {
        group.bench_function(BenchmarkId::new("outside, no sleep", count), |bench| bench.iter(|| sleepers(count, 0)));
    }
    group.finish();
}

/// Tasks of random sleeps.
async fn tasks(count: u64, sleeps: u64) {
    let mut tasks = JoinSet::new();
    for seed in 1..=count {
        tasks.spawn(async move {
            let mut random: u64 = seed;
            for _ in 0..sleeps {
                random ^= random << 13;
                random ^= random >> 7;
                random ^= random << 17;
                sleep((1 + random % 1000).millis()).await;
            }
        });
    }
    tasks.join_all().await;
}

fn workers(criterion: &mut Criterion) {
    let two = || Builder::new().flavor(Flavor::MultiThread).worker_threads(2);
    for (name, count, sleeps) in [("1 task of 1,000 sleeps", 1, 1_000), ("1,000 tasks of 100 sleeps", 1_000, 100)] {
        let mut group = criterion.benchmark_group(name);
        group.sample_size(10);
        group.bench_function("one thread", |bench| bench.iter(|| standstill::run(async || tasks(count, sleeps).await)));
        group.bench_function("two workers", |bench| bench.iter(|| two().run(async || tasks(count, sleeps).await)));
        group.finish();
    }
}

criterion_group!(benches, members, workers);
criterion_main!(benches);
