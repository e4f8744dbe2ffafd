//! An assertion about time does not hold.

use standstill::{clock, prelude::*};

use crate::mailer::send;

#[async_test]
async fn the_mail_is_slower_than_it_should() {
    let _ = send("ada").await;

    assert_elapsed!(200.millis());
}

#[async_test]
async fn the_mail_is_slower_than_it_may() {
    let _ = send("ada").await;

    assert_elapsed!(100.millis()..=200.millis());
}

#[async_test]
async fn the_mail_is_faster_than_it_may() {
    let _ = send("ada").await;

    assert_elapsed!(1.secs()..);
}

#[async_test]
async fn the_second_mail_is_slower_than_it_should() {
    let _ = send("ada").await;
    let second = clock::now();
    let _ = send("bob").await;

    assert_elapsed!(second, ..100.micros());
}
