//! A poll keeps the processor.

use std::hint::black_box;
use std::time::Instant;

use standstill::{prelude::*, task};
use tokio::time::sleep;

/// As much as takes many times the budget, on any machine.
fn digest() -> u64 {
    (0..100_000_000_u64).map(black_box).sum()
}

#[async_test(blocking = "deny", poll_budget = "10ms")]
async fn the_body_computes_a_digest() {
    sleep(250.millis()).await;

    assert!(digest() > 0);
}

#[async_test(blocking = "deny", poll_budget = "10ms")]
async fn a_named_task_computes_a_digest() {
    let digest = task::spawn("archivist", async { digest() });

    assert!(digest.await.unwrap() > 0);
}

#[async_test(blocking = "deny")]
async fn a_digest_that_nobody_limits() {
    assert!(digest() > 0);
}

#[async_test(blocking = "deny", poll_budget = "1h")]
async fn a_digest_within_its_budget() {
    assert!(digest() > 0);
}

#[async_test(blocking(cpu = "deny"))]
async fn the_body_spins_on_the_clock() {
    let start = Instant::now();

    while start.elapsed() < 1.millis() {}
}

#[async_test]
async fn the_body_spins_on_the_clock_and_only_warns() {
    let start = Instant::now();

    while start.elapsed() < 1.millis() {}
}
