//! Tasks live on when the test ends.

use standstill::{prelude::*, task};
use tokio::sync::watch;
use tokio::time::sleep;

use crate::heartbeat::beat;

fn heartbeat() -> impl Future<Output = ()> + Send + 'static {
    let (beats, _) = watch::channel(0);
    beat(1.secs(), beats)
}

#[async_test(leaks = "deny")]
async fn a_named_heartbeat_lives_on() {
    task::spawn("heartbeat", heartbeat());

    sleep(2.secs()).await;
}

#[async_test(leaks = "deny")]
async fn two_heartbeats_without_a_name_live_on() {
    tokio::spawn(heartbeat());
    tokio::spawn(heartbeat());

    sleep(2.secs()).await;
}

#[async_test(leaks = "deny")]
async fn heartbeats_of_both_kinds_live_on() {
    task::spawn("heartbeat", heartbeat());
    tokio::spawn(heartbeat());

    sleep(2.secs()).await;
}

#[async_test(leaks = "warn")]
async fn a_leak_that_only_warns() {
    task::spawn("heartbeat", heartbeat());

    sleep(2.secs()).await;
}

#[async_test(leaks = "warn")]
async fn a_leak_that_warns_as_well() {
    task::spawn("heartbeat", heartbeat());

    sleep(2.secs()).await;
}

#[async_test]
async fn a_leak_that_nobody_asked_about() {
    task::spawn("heartbeat", heartbeat());

    sleep(2.secs()).await;
}

#[async_test(leaks = "deny")]
async fn a_heartbeat_in_the_background_may_live_on() {
    task::background("heartbeat", heartbeat());

    sleep(2.secs()).await;
}
