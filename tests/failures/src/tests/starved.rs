//! The clock goes on and on, but not for the test's sake.

use standstill::{prelude::*, task};
use tokio::sync::{mpsc, watch};
use tokio::time::{interval, sleep};

use crate::heartbeat::beat;
use crate::orders::buy;

#[async_test(stuck_after = 1_000)]
async fn a_named_heartbeat_goes_on() {
    let (shop, _orders) = mpsc::channel(8);
    let (beats, _) = watch::channel(0);
    task::spawn("heartbeat", beat(1.secs(), beats));

    assert!(buy(&shop, "Dune").await.is_ok());
}

#[async_test(stuck_after = 1_000)]
async fn a_heartbeat_without_a_name_goes_on() {
    let (shop, _orders) = mpsc::channel(8);
    let (beats, _) = watch::channel(0);
    tokio::spawn(beat(1.secs(), beats));

    assert!(buy(&shop, "Dune").await.is_ok());
}

#[async_test(stuck_after = 1_000)]
async fn a_named_customer_is_never_served() {
    let (shop, _orders) = mpsc::channel(8);
    let (beats, _) = watch::channel(0);
    task::spawn("heartbeat", beat(1.secs(), beats));
    let customer = task::spawn("customer", async move { buy(&shop, "Dune").await });

    assert!(customer.await.unwrap().is_ok());
}

#[async_test(stuck_after = 1_000)]
async fn a_long_sleep_beside_a_heartbeat_ends() {
    let (beats, seen) = watch::channel(0);
    task::spawn("heartbeat", beat(1.secs(), beats));

    sleep(1.hours()).await;

    assert_eq!(*seen.borrow(), 3_600);
}

#[async_test(stuck_after = 1_000)]
async fn a_task_s_long_sleep_beside_a_heartbeat_ends() {
    let (beats, _) = watch::channel(0);
    tokio::spawn(beat(1.secs(), beats));
    let sleeper = task::spawn("sleeper", sleep(1.hours()));

    sleeper.await.unwrap();

    assert_elapsed!(1.hours());
}

#[async_test(stuck_after = 10)]
async fn the_test_s_own_ticks_are_progress() {
    let mut ticks = interval(1.secs());

    for _ in 0..1_000 {
        ticks.tick().await;
    }
}
