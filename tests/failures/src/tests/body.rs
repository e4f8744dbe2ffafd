//! The body itself fails.

use std::error::Error;
use std::process::ExitCode;

use standstill::{prelude::*, task};
use tokio::sync::{Notify, mpsc, watch};
use tokio::time::sleep;

use crate::heartbeat::beat;
use crate::inventory::Shelf;
use crate::mailer::send;
use crate::orders::{OrderError, buy, serve};

#[async_test]
async fn the_body_panics() {
    sleep(1500.millis()).await;

    assert_eq!("Dune".len(), 5, "a title has its letters");
}

#[async_test(leaks = "deny")]
async fn the_body_panics_and_more_is_wrong() {
    let (beats, _) = watch::channel(0);
    task::spawn("heartbeat", beat(1.secs(), beats));
    tokio::spawn(async { Shelf::default().take("Dune").await });
    task::expect_panics(1, "the shelf is full");
    sleep(1500.millis()).await;

    assert_eq!("Dune".len(), 5, "a title has its letters");
}

#[async_test]
async fn the_shop_panics_and_so_does_the_customer() {
    let (shop, mut orders) = mpsc::channel(8);
    tokio::spawn(async move { serve(&mut orders, &Shelf::default(), &Notify::new()).await });

    buy(&shop, "Dune").await.unwrap();
}

#[async_test]
async fn the_body_returns_an_error_with_sources() -> Result<(), OrderError> {
    send("ada").await?;
    Ok(())
}

#[async_test]
async fn the_body_returns_a_boxed_error() -> Result<(), Box<dyn Error>> {
    send("ada").await.map_err(OrderError::from)?;
    Ok(())
}

#[async_test]
async fn the_body_returns_words() -> Result<(), String> {
    send("ada").await.map_err(|error| error.to_string())
}

#[async_test(leaks = "deny")]
async fn the_body_returns_an_error_and_more_is_wrong() -> Result<(), OrderError> {
    task::spawn("pause", sleep(1.mins()));
    send("ada").await?;
    Ok(())
}

#[async_test]
async fn the_body_returns_an_exit_code() -> ExitCode {
    ExitCode::from(3)
}

#[async_test]
#[should_panic(expected = "no copy")]
async fn the_panic_that_should_come_comes() {
    Shelf::default().take("Dune").await;
}

#[async_test]
#[should_panic(expected = "no copy")]
async fn the_panic_that_should_come_comes_in_a_task() {
    tokio::spawn(async { Shelf::default().take("Dune").await });

    sleep(2.secs()).await;
}

#[async_test(leaks = "deny")]
#[should_panic(expected = "no copy of \"Dune\"")]
async fn the_panic_that_should_come_comes_and_more_is_wrong() {
    task::spawn("pause", sleep(1.mins()));
    tokio::spawn(async { Shelf::default().take("Emma").await });
    sleep(1.secs()).await;

    Shelf::default().take("Dune").await;
}

#[async_test]
#[should_panic(expected = "the shelf is full")]
async fn another_panic_comes_than_should() {
    Shelf::default().take("Dune").await;
}

/// Counts the till when the shop closes.
struct Till {
    missing: u32,
}

impl Drop for Till {
    fn drop(&mut self) {
        assert_eq!(self.missing, 0, "the till is short");
    }
}

#[async_test]
async fn a_local_panics_when_it_is_dropped() {
    let _till = Till { missing: 12 };

    sleep(1.secs()).await;
}

#[async_test]
async fn a_local_of_a_stuck_body_panics_when_it_is_dropped() {
    let (shop, _orders) = mpsc::channel(8);
    let _till = Till { missing: 12 };

    assert!(buy(&shop, "Dune").await.is_ok());
}
