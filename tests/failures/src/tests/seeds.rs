//! What chance decides: with some seeds the shop goes wrong, and some things no seed decides.

use std::os::unix::process::parent_id;
use std::path::PathBuf;
use std::time::SystemTime;
use std::{env, fs, process};

use standstill::{Builder, Time, mock_fn, prelude::*, task};
use tokio::time::sleep;

/// Is open for eight hours; says whether a customer is served who comes just then. Two seeds stand for the chance of a `select!`,
/// whose order is another with another tokio.
async fn serves_the_last_one() -> bool {
    sleep(8.hours()).await;
    !matches!(env::var("STANDSTILL_SEED").as_deref(), Ok("10" | "12"))
}

#[async_test(seed = 7, seeds = 20)]
async fn who_comes_at_closing_time_is_served() {
    println!("the shop is open");

    assert!(serves_the_last_one().await, "nobody is there");
}

#[async_test(seed = 10, seeds = 20)]
async fn who_comes_at_closing_time_is_served_at_once() {
    assert!(serves_the_last_one().await, "nobody is there");
}

#[async_test(seed = 1, seeds = 8)]
async fn who_comes_on_another_day_is_served() {
    assert!(serves_the_last_one().await);
}

#[async_test(seed = 7, seeds = 3, leaks = "warn")]
async fn a_customer_stays_in_the_shop() {
    tokio::spawn(sleep(1.hours()));
}

#[async_test(seed = 7, seeds = 2)]
async fn the_shop_burns_down() {
    println!("fire");
    process::exit(3);
}

#[test]
#[expect(unnameable_test_items, reason = "that is what it is about")]
fn a_test_cannot_be_run_alone() {
    #[async_test(seeds = 2)]
    async fn nobody_finds_it() {}

    nobody_finds_it();
}

#[async_test]
async fn a_customer_is_not_served() {
    panic!("nobody is there");
}

/// Whether it is the second day, in the second of two processes.
fn was_open_before() -> bool {
    let till: PathBuf = env::temp_dir().join(format!("bookshop-{}", parent_id()));
    let was_open = fs::remove_file(&till).is_ok();
    if !was_open {
        fs::write(&till, "").unwrap();
    }
    was_open
}

#[async_test(seed = 42, check_determinism = true, blocking = "allow")]
async fn the_second_day_is_longer() {
    let hours = if was_open_before() { 9 } else { 8 };
    task::spawn("sweep", sleep(1.hours())).await.unwrap();

    sleep(hours.hours()).await;
}

#[async_test(seed = 42, check_determinism = true, blocking = "allow")]
async fn the_second_day_has_an_evening() {
    let has_evening = was_open_before();
    for _ in 0..12 {
        task::spawn("sweep", sleep(1.hours())).await.unwrap();
    }
    if has_evening {
        task::spawn("party", async {}).await.unwrap();
    }
}

#[async_test(seed = 42, check_determinism = true, blocking = "allow")]
async fn the_second_day_s_mail_is_another() {
    let send = mock_fn!(async fn send(text: &str) -> ());
    send.returns(());

    send.call(if was_open_before() { "we are open again" } else { "we are open" }).await;
}

#[async_test(seed = 42, check_determinism = true, blocking = "allow")]
async fn the_second_day_goes_wrong() {
    assert!(!was_open_before(), "the till is full");
}

#[async_test(seed = 42, seeds = 2, check_determinism = true)]
async fn each_day_is_like_the_other() {
    serves_the_last_one().await;
}

#[async_test(seed = 42)]
async fn a_seed_is_set() {}

#[test]
fn a_seed_is_set_on_the_real_clock() {
    Builder::new().time(Time::Real).seed(42).run(async || {});
}

#[test]
fn a_seed_is_set_on_tokio_s_own_clock() {
    Builder::new().start_paused(true).seed(42).run(async || {});
}

#[async_test(start_time = "2026-12-31T16:00:00Z")]
async fn the_shop_is_open_in_the_new_year() {
    sleep(8.hours()).await;

    let days = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs() / 86_400;
    assert_eq!(days, 20_818, "the year is over");
}

#[async_test(seed = 7, seeds = 2)]
async fn the_shop_is_left_before_closing_time() {
    println!("home");
    process::exit(0);
}
