//! What a test costs around its body, and what a month costs: a year is twelve of them. Read the ratios, not the times.
use std::thread;

use criterion::{Criterion, criterion_group, criterion_main};
use standstill::prelude::*;
use tokio::time::{MissedTickBehavior, interval};

/// What `#[tokio::test]` expands to.
fn tokio_test<F: Future>(body: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(body)
}

fn on_a_fresh_thread(test: impl FnOnce() + Send + 'static) {
    thread::spawn(test).join().unwrap();
}

fn empty(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("an empty test");
    group.bench_function("tokio", |bench| bench.iter(|| tokio_test(async {})));
    group.bench_function("standstill", |bench| bench.iter(|| standstill::run(async || {})));
    group.finish();

    let mut group = criterion.benchmark_group("an empty test on a fresh thread");
    group.bench_function("tokio", |bench| bench.iter(|| on_a_fresh_thread(|| tokio_test(async {}))));
    group.bench_function("standstill", |bench| bench.iter(|| on_a_fresh_thread(|| standstill::run(async || {}))));
    group.finish();
}

/// Where nothing is optimised it is only tried: a month would take longer than a test may.
const DAYS: u32 = if cfg!(debug_assertions) { 1 } else { 30 };

async fn month_of_heartbeats() {
    let mut beats = interval(1.secs());
    beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
    for _ in 0..DAYS * 24 * 60 * 60 {
        beats.tick().await;
    }
}

fn month(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("a virtual month of a heartbeat each second");
    group.sample_size(10);
    group.bench_function("paused tokio", |bench| {
        bench.iter(|| {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
            runtime.block_on(month_of_heartbeats());
        });
    });
    group.bench_function("standstill", |bench| bench.iter(|| standstill::run(month_of_heartbeats)));
    group.finish();
}

criterion_group!(benches, empty, month);
criterion_main!(benches);
