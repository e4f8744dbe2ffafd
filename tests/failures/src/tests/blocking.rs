//! The shop blocks its thread.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::Duration;

use futures::FutureExt as _;
use standstill::Level;
use standstill::blocking::{Detector, Policy, allow_blocking};
use standstill::{prelude::*, task};
use tokio::sync::oneshot;
use tokio::time::sleep;

use crate::backroom::{ask, count, count_till, dry, hear, look_up, next, print_label, read_ledger, ring_up};

#[async_test]
async fn the_ink_dries() {
    sleep(1500.millis()).await;

    dry(5.secs()).await;
}

#[async_test]
async fn the_ink_dries_in_a_named_task() {
    let press = task::spawn("press", async {
        for _ in 0..3 {
            dry(5.secs()).await;
        }
    });

    press.await.unwrap();
}

#[async_test]
async fn the_warehouse_is_rung_up() {
    assert!(ring_up("127.0.0.1:9").await.is_err());
}

#[async_test]
async fn the_warehouse_is_looked_up() {
    assert!(look_up("localhost").await.unwrap() > 0);
}

#[async_test]
async fn a_label_is_printed() {
    assert!(print_label().await.unwrap());
}

#[async_test]
async fn the_shelves_are_counted() {
    assert_eq!(count(4).await, 6);
}

#[async_test]
async fn the_customer_is_asked() {
    assert_eq!(ask().await.unwrap(), "");
}

#[async_test]
async fn the_bell_is_heard() {
    let (mut bell, mut button) = io::pipe().unwrap();
    thread::spawn(move || {
        thread::sleep(1.secs());
        button.write_all(b"!").unwrap();
    });

    hear(&mut bell).await.unwrap();
}

#[test]
fn a_run_without_an_attribute_sleeps() {
    standstill::run(async || thread::sleep(2.secs()));
}

#[async_test(blocking(files = "deny"))]
async fn the_ledger_is_read() {
    assert!(read_ledger().await.is_err());
}

#[async_test]
async fn the_ledger_is_read_and_that_only_warns() {
    assert!(read_ledger().await.is_err());
}

#[async_test(blocking = "deny")]
async fn somebody_has_the_key_of_the_till() {
    let (till, (taken, is_taken)) = (Arc::new(Mutex::new(7)), oneshot::channel());
    let clerk = Arc::clone(&till);
    thread::spawn(move || {
        let mut till = clerk.lock().unwrap();
        taken.send(()).unwrap();
        thread::sleep(2.secs());
        *till += 1;
    });
    is_taken.await.unwrap();

    assert_eq!(count_till(&till).await, 8);
}

#[async_test(blocking = "deny")]
async fn an_order_is_waited_for() {
    let (order, orders) = mpsc::channel();
    thread::spawn(move || {
        thread::sleep(2.secs());
        order.send("Dune".to_owned()).unwrap();
    });

    assert_eq!(next(&orders).await.unwrap(), "Dune");
}

#[async_test]
async fn the_old_printer_may_dry_and_then_the_till_is_short() {
    allow_blocking("the old printer", || thread::sleep(3.secs()));

    assert_eq!(7, 8, "the till is short");
}

#[async_test]
async fn a_library_dries_the_ink() {
    tokio::spawn(futures::future::ready(Duration::from_secs(5)).map(thread::sleep)).await.unwrap();
}

#[async_test(blocking = "deny")]
async fn an_order_is_waited_for_by_a_library() {
    let (order, orders) = oneshot::channel();
    thread::spawn(move || {
        thread::sleep(2.secs());
        order.send("Dune").unwrap();
    });

    assert_eq!(futures::executor::block_on(orders).unwrap(), "Dune");
}

#[async_test(blocking(allow_in = ["bookshop::backroom::dry", "bookshop::till"]))]
async fn the_till_was_allowed_to_block() {
    dry(5.secs()).await;
}

#[tokio::test]
async fn the_ink_dries_under_tokio_s_own_attribute() {
    let _watch = Detector::new().policy(Policy::all(Level::Deny).allow_in("bookshop::till")).watch();

    dry(1.millis()).await;
    assert!(read_ledger().await.is_err());
}
