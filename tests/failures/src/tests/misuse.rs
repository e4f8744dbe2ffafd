//! The harness itself is used as it cannot be.

use standstill::{clock, prelude::*, probe::Meter, task};
use tokio::time::sleep;

#[test]
fn the_clock_is_read_outside_a_bubble() {
    clock::elapsed();
}

#[tokio::test]
async fn the_clock_is_moved_outside_a_bubble() {
    clock::advance(1.secs()).await;
}

#[test]
fn elapsed_time_is_asserted_outside_a_bubble() {
    assert_elapsed!(1.secs());
}

#[test]
fn a_meter_is_made_outside_a_bubble() {
    drop(Meter::new());
}

#[tokio::test]
async fn a_task_is_spawned_outside_a_bubble() {
    task::spawn("customer", async {});
}

#[async_test(flavor = "multi_thread")]
async fn a_clock_of_many_threads_is_moved() {
    clock::advance(1.secs()).await;
}

#[async_test(time = "real")]
async fn a_real_clock_is_frozen() {
    drop(clock::freeze());
}

#[async_test(flavor = "multi_thread")]
async fn a_named_task_is_spawned_on_many_threads() {
    task::spawn("customer", async {});
}

#[async_test]
async fn the_clock_is_moved_past_its_end() {
    clock::advance(36_500.days()).await;
}

#[async_test]
async fn a_bubble_is_opened_inside_a_bubble() {
    standstill::run(async || sleep(1.secs()).await);
}

#[tokio::test]
async fn a_bubble_is_opened_inside_a_runtime() {
    standstill::run(async || sleep(1.secs()).await);
}

/// Passes, unless a variable of the environment cannot be read.
#[async_test]
async fn the_environment_is_read() {
    sleep(1.secs()).await;
}

#[async_test]
async fn tokio_s_clock_is_paused_by_the_body() {
    tokio::time::pause();
}
