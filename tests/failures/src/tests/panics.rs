//! A task panics.

use std::panic::{AssertUnwindSafe, catch_unwind, panic_any};
use std::sync::Arc;

use futures::FutureExt;
use standstill::{prelude::*, task};
use tokio::task::{spawn_blocking, spawn_local};
use tokio::time::sleep;

use crate::inventory::Shelf;

#[async_test]
async fn a_spawned_task_takes_what_is_not_there() {
    tokio::spawn(async {
        sleep(1.secs()).await;
        Shelf::default().take("Dune").await;
    });

    sleep(2.secs()).await;
}

#[async_test]
async fn a_local_task_takes_what_is_not_there() {
    spawn_local(async { Shelf::default().take("Dune").await });

    sleep(2.secs()).await;
}

#[async_test]
async fn a_named_task_takes_what_is_not_there() {
    task::spawn("customer", async { Shelf::default().take("Dune").await });

    sleep(2.secs()).await;
}

#[async_test]
async fn a_blocking_job_panics() {
    let job = spawn_blocking(|| panic!("the shelf is full"));

    assert!(job.await.is_err());
}

#[async_test]
async fn two_customers_want_the_last_copy() {
    let shelf = Arc::new(Shelf::of("Dune", 1));
    for _ in 0..3 {
        let shelf = Arc::clone(&shelf);
        tokio::spawn(async move { shelf.take("Dune").await });
    }

    sleep(2.secs()).await;
}

#[async_test]
async fn a_task_s_assertion_fails() {
    tokio::spawn(async { assert_eq!("Dune".len(), 5, "a title has its letters") });

    sleep(2.secs()).await;
}

#[async_test]
async fn a_task_panics_without_words() {
    tokio::spawn(async { panic_any(404) });

    sleep(2.secs()).await;
}

#[async_test(unhandled_panic = "shutdown_runtime")]
async fn the_first_panic_closes_the_shop() {
    tokio::spawn(async { Shelf::default().take("Dune").await });

    sleep(2.secs()).await;
}

#[async_test(task_panics = "warn")]
async fn a_panic_that_only_warns() {
    tokio::spawn(async { Shelf::default().take("Dune").await });

    sleep(2.secs()).await;
}

#[async_test]
async fn an_expected_panic_does_not_come() {
    task::expect_panics(2, "no copy");
    tokio::spawn(async { Shelf::default().take("Dune").await });

    sleep(2.secs()).await;
}

#[async_test]
async fn another_panic_comes_than_was_expected() {
    task::expect_panics(1, "the shelf is full");
    tokio::spawn(async { Shelf::default().take("Dune").await });

    sleep(2.secs()).await;
}

#[async_test]
async fn an_expected_panic_comes() {
    task::expect_panics(1, "no copy");

    let customer = tokio::spawn(async { Shelf::default().take("Dune").await });

    assert!(customer.await.unwrap_err().is_panic());
}

#[async_test(task_panics = "allow")]
async fn an_allowed_panic_comes() {
    let customer = tokio::spawn(async { Shelf::default().take("Dune").await });

    assert!(customer.await.unwrap_err().is_panic());
}

#[async_test]
async fn a_task_catches_its_own_panic() {
    let customer = tokio::spawn(async { catch_unwind(|| panic!("the shelf is full")).is_err() });

    assert!(customer.await.unwrap());
}

#[async_test]
async fn a_layer_inside_the_task_catches_the_panic() {
    let service = AssertUnwindSafe(async { Shelf::default().take("Dune").await }).catch_unwind();

    let served = tokio::spawn(service).await.unwrap();

    assert!(served.is_err());
}

#[async_test]
async fn a_gather_gives_the_panic_as_a_value() {
    let results = task::gather([async { Shelf::default().take("Dune").await }]).settled().await;

    assert!(results[0].is_err());
}
