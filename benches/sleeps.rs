//! Sleeps in virtual time, against tokio's paused clock and turmoil. Read the ratios, not the times.
use std::future::Future;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use standstill::prelude::*;
use tokio::task::JoinSet;
use tokio::time::sleep;

fn paused_tokio<F: Future>(body: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    runtime.block_on(body)
}

fn turmoil(body: impl Future<Output = ()> + 'static) {
    let mut simulation = turmoil::Builder::new().simulation_duration(Duration::from_hours(24)).build();
    simulation.client("bench", async move {
        body.await;
        Ok(())
    });
    simulation.run().unwrap();
}

async fn one_task(sleeps: u64) {
    for number in 0..sleeps {
        sleep((1 + number % 7).millis()).await;
    }
}

async fn long_sleeps() {
    for number in 0..100 {
        sleep((1 + number % 7).secs()).await;
    }
}

async fn thousand_tasks() {
    let mut tasks = JoinSet::new();
    for seed in 1..=1000 {
        tasks.spawn(async move {
            let mut random: u64 = seed;
            for _ in 0..1000 {
                random ^= random << 13;
                random ^= random >> 7;
                random ^= random << 17;
                sleep((1 + random % 1000).millis()).await;
            }
        });
    }
    tasks.join_all().await;
}

fn sleeps(criterion: &mut Criterion) {
    // Calls cost less in a process of one thread, the kernel's and libc's alike; a test's process has others, that wait for it.
    std::thread::spawn(|| {
        loop {
            std::thread::park();
        }
    });

    let mut group = criterion.benchmark_group("1,000 tasks of 1,000 random sleeps");
    group.sample_size(10);
    group.bench_function("paused tokio", |bench| bench.iter(|| paused_tokio(thousand_tasks())));
    group.bench_function("standstill", |bench| bench.iter(|| standstill::run(thousand_tasks)));
    group.bench_function("turmoil", |bench| bench.iter(|| turmoil(thousand_tasks())));
    group.finish();

    let mut group = criterion.benchmark_group("1 task of 100,000 sleeps");
    group.sample_size(10);
    group.bench_function("paused tokio", |bench| bench.iter(|| paused_tokio(one_task(100_000))));
    group.bench_function("standstill", |bench| bench.iter(|| standstill::run(async || one_task(100_000).await)));
    group.finish();

    // turmoil moves in ticks of a millisecond, so a hundred sleeps are enough to wait for.
    let mut group = criterion.benchmark_group("1 task of 100 sleeps of seconds");
    group.sample_size(10);
    group.bench_function("standstill", |bench| bench.iter(|| standstill::run(long_sleeps)));
    group.bench_function("turmoil", |bench| bench.iter(|| turmoil(long_sleeps())));
    group.finish();
}

criterion_group!(benches, sleeps);
criterion_main!(benches);
