//! With rstest: cases, values and fixtures, in virtual time.

use std::rc::Rc;
use std::thread;
use std::time::Duration;

use rstest::{fixture, rstest};
use rstest_reuse::{apply, template};
use standstill::{assert_elapsed, clock, prelude::*};
use tokio::time::sleep;

#[fixture]
fn pause() -> Duration {
    1.hours()
}

#[fixture]
async fn opened_shop(#[default(1.mins())] opening: Duration) -> Rc<str> {
    sleep(opening).await;
    Rc::from("open")
}

#[rstest]
#[case(1, 3_600)]
#[case::a_day(24, 86_400)]
#[standstill::test]
async fn a_case_sleeps_in_virtual_time(#[case] hours: u64, #[case] seconds: u64) {
    sleep(hours.hours()).await;

    assert_elapsed!(seconds.secs());
}

#[async_test]
#[rstest]
#[case(1, 3_600)]
#[case::a_day(24, 86_400)]
async fn the_attribute_may_stand_above(#[case] hours: u64, #[case] seconds: u64) {
    sleep(hours.hours()).await;

    assert_elapsed!(seconds.secs());
}

#[rstest]
#[test_attr(async_test(timeout = "2h"))]
#[case(1)]
async fn the_attribute_may_be_named(#[case] hours: u64) {
    sleep(hours.hours()).await;

    assert_elapsed!(1.hours());
}

#[rstest]
#[case(1)]
#[case::a_day(24)]
#[standstill::test(seeds = 2)]
async fn a_case_runs_with_several_seeds(#[case] hours: u64) {
    sleep(hours.hours()).await;

    assert_elapsed!(hours.hours());
}

#[rstest]
#[case::first()]
#[standstill::test]
async fn the_thread_is_named_after_the_case() {
    assert_eq!(thread::current().name(), Some("the_thread_is_named_after_the_case::case_1_first"));
}

#[async_test]
#[rstest]
#[case::first()]
async fn the_thread_is_named_after_the_case_below_too() {
    assert_eq!(thread::current().name(), Some("the_thread_is_named_after_the_case_below_too::case_1_first"));
}

#[rstest]
#[standstill::test(leaks = "deny")]
async fn values_multiply(#[values(1, 2)] hours: u64, #[values("a", "b")] name: &str) {
    sleep(hours.hours()).await;

    assert_elapsed!(hours.hours());
    assert_eq!(name.len(), 1);
}

#[rstest]
#[standstill::test]
async fn a_fixture_is_filled_in(pause: Duration) {
    sleep(pause).await;

    assert_elapsed!(1.hours());
}

#[rstest]
#[standstill::test]
async fn an_async_fixture_is_awaited_in_virtual_time(#[future] opened_shop: Rc<str>) {
    assert_elapsed!(0.secs());

    assert_eq!(&*opened_shop.await, "open");

    assert_elapsed!(1.mins());
}

#[rstest]
#[awt]
#[standstill::test]
async fn an_async_fixture_may_be_awaited_first(
    #[future]
    #[with(2.hours())]
    opened_shop: Rc<str>,
) {
    assert_eq!(&*opened_shop, "open");
    assert_elapsed!(2.hours());
}

#[rstest]
#[case(Ok(()))]
#[should_panic(expected = "closed")]
#[case(Err("closed"))]
#[standstill::test]
async fn a_case_may_be_expected_to_panic(#[case] shop: Result<(), &str>) {
    sleep(1.hours()).await;
    shop.unwrap();
}

#[rstest]
#[case("7")]
#[standstill::test]
async fn a_case_may_give_a_result(#[case] text: &str) -> Result<(), std::num::ParseIntError> {
    let hours: u64 = text.parse()?;

    sleep(hours.hours()).await;

    assert_elapsed!(7.hours());
    Ok(())
}

#[rstest]
#[case("a week")]
#[standstill::test]
async fn a_case_may_have_a_lifetime<'a>(#[case] text: &'a str) {
    let first: &'a str = text.split(' ').next().unwrap();

    sleep(1.hours()).await;

    assert_eq!(first, "a");
}

#[rstest]
#[timeout(Duration::from_secs(30))]
#[standstill::test]
async fn a_timeout_of_rstest_counts_the_test_s_time() {
    sleep(29.secs()).await;

    assert_elapsed!(29.secs());
}

#[template]
#[rstest]
#[case(1)]
#[case(2)]
fn one_and_two(#[case] hours: u64) {}

#[apply(one_and_two)]
#[standstill::test]
async fn a_template_is_applied(hours: u64) {
    sleep(hours.hours()).await;

    assert_elapsed!(hours.hours());
}

#[async_test]
#[apply(one_and_two)]
async fn a_template_is_applied_below_too(hours: u64) {
    sleep(hours.hours()).await;

    assert_elapsed!(hours.hours());
}

#[rstest]
#[case::jumps_once(1)]
#[case::jumps_twice(2)]
#[standstill::test]
async fn every_case_has_a_clock_of_its_own(#[case] sleeps: usize) {
    for _ in 0..sleeps {
        sleep(1.hours()).await;
    }

    assert_eq!(clock::jumps().len(), sleeps);
}
