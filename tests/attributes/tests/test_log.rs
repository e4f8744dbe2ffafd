//! With test-log, which starts a logger before the body.

use std::sync::atomic::{AtomicUsize, Ordering};

use log::Level::Error;
use standstill::{assert_elapsed, prelude::*};
use tokio::time::sleep;

#[test_log::test(standstill::test)]
async fn the_attribute_may_stand_inside() {
    sleep(1.hours()).await;

    assert!(log::log_enabled!(Error));
    assert_elapsed!(1.hours());
}

#[test_log::test(async_test(timeout = "2h"))]
async fn options_may_stand_inside() {
    sleep(1.hours()).await;

    assert!(log::log_enabled!(Error));
    assert_elapsed!(1.hours());
}

#[test_log::test]
#[async_test(leaks = "deny")]
async fn the_attribute_may_stand_below() {
    sleep(1.hours()).await;

    assert!(log::log_enabled!(Error));
    assert_elapsed!(1.hours());
}

#[async_test(leaks = "deny")]
#[test_log::test]
async fn the_attribute_may_stand_above() {
    sleep(1.hours()).await;

    assert!(log::log_enabled!(Error));
    assert_elapsed!(1.hours());
}

#[async_test]
#[test_log::test]
async fn a_test_runs_once() {
    static RUNS: AtomicUsize = AtomicUsize::new(0);

    assert_eq!(RUNS.fetch_add(1, Ordering::Relaxed), 0);
}

#[test_log::test(standstill::test)]
async fn the_body_may_give_a_result() -> Result<(), std::fmt::Error> {
    sleep(1.hours()).await;

    log::info!("an hour has passed");
    assert_elapsed!(1.hours());
    Ok(())
}
