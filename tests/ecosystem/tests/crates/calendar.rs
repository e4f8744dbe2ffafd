//! Crates that tell the date: chrono, time and uuid.

use chrono::{Local, TimeDelta, Utc};
use standstill::prelude::*;
use time::OffsetDateTime;
use tokio::time::sleep;
use uuid::Uuid;

#[async_test]
async fn chrono_sees_an_hour_pass() {
    let before = Utc::now();

    sleep(1.hours()).await;

    assert_eq!(Utc::now() - before, TimeDelta::hours(1));
}

#[async_test(blocking = "deny")]
async fn chrono_may_read_the_time_zone_in_a_poll() {
    let before = Local::now();

    sleep(1.hours()).await;

    assert_eq!(Local::now() - before, TimeDelta::hours(1));
}

#[async_test]
async fn time_sees_an_hour_pass() {
    let before = OffsetDateTime::now_utc();

    sleep(1.hours()).await;

    assert_eq!(OffsetDateTime::now_utc() - before, time::Duration::hours(1));
}

#[async_test]
async fn a_token_expires_at_its_second() {
    let expires = Utc::now() + TimeDelta::minutes(15);
    let valid = || Utc::now() < expires;

    sleep(899_999.millis()).await;
    assert!(valid());
    sleep(1.millis()).await;
    assert!(!valid());
}

// One test only: the crate keeps the latest time it saw for the whole process, and never goes back behind it.
#[async_test]
async fn a_uuid_of_version_7_carries_the_time() {
    let seconds = |uuid: Uuid| uuid.get_timestamp().unwrap().to_unix().0;
    let before = Uuid::now_v7();

    sleep(1.hours()).await;
    let after = Uuid::now_v7();

    assert_eq!(seconds(after) - seconds(before), 3600);
    assert!(before < after);
}
