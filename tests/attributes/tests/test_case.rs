//! With test-case: cases, expected values and matrices, in virtual time.

use std::thread;

use standstill::{assert_elapsed, prelude::*};
use test_case::{test_case, test_matrix};
use tokio::time::sleep;

#[test_case(1, 3_600)]
#[test_case(24, 86_400; "a day")]
#[standstill::test]
async fn a_case_sleeps_in_virtual_time(hours: u64, seconds: u64) {
    sleep(hours.hours()).await;

    assert_elapsed!(seconds.secs());
}

#[test_case(1, 3_600)]
#[async_test]
async fn either_name_of_the_attribute_does(hours: u64, seconds: u64) {
    sleep(hours.hours()).await;

    assert_elapsed!(seconds.secs());
}

#[async_test(leaks = "deny")]
#[test_case(1, 3_600)]
#[test_case(24, 86_400; "a day")]
async fn the_attribute_may_stand_above(hours: u64, seconds: u64) {
    sleep(hours.hours()).await;

    assert_elapsed!(seconds.secs());
}

#[test_case(1)]
#[test_case(24; "a day")]
#[async_test(seeds = 2)]
async fn a_case_runs_with_several_seeds(hours: u64) {
    sleep(hours.hours()).await;

    assert_elapsed!(hours.hours());
}

#[async_test]
#[test_case::case(1)]
async fn a_case_may_be_called_case(hours: u64) {
    sleep(hours.hours()).await;

    assert_elapsed!(1.hours());
}

#[test_case("first"; "first")]
#[async_test]
async fn the_thread_is_named_after_the_case(case: &str) {
    let name = format!("the_thread_is_named_after_the_case::test_case_1_{case}");

    assert_eq!(thread::current().name(), Some(name.as_str()));
}

#[test_case(2 => 7_200)]
#[test_case(3 => 10_800)]
#[async_test]
async fn the_result_is_compared(hours: u64) -> u64 {
    sleep(hours.hours()).await;
    standstill::clock::elapsed().as_secs()
}

#[test_case("7" => matches Ok(7); "a number")]
#[test_case("seven" => matches Err(_); "a word")]
#[async_test]
async fn the_result_is_matched(text: &str) -> Result<u64, std::num::ParseIntError> {
    sleep(1.hours()).await;
    text.parse()
}

#[test_case("7"; "a number")]
#[async_test]
async fn a_case_may_give_a_result(text: &str) -> Result<(), std::num::ParseIntError> {
    let hours: u64 = text.parse()?;

    sleep(hours.hours()).await;

    assert_elapsed!(7.hours());
    Ok(())
}

#[test_case(0 => panics "no hours")]
#[async_test]
async fn a_case_may_be_expected_to_panic(hours: u64) {
    sleep(1.hours()).await;
    assert!(hours > 0, "no hours");
}

#[test_matrix([1, 2], ["a", "b"])]
#[standstill::test]
async fn a_matrix_multiplies(hours: u64, name: &str) {
    sleep(hours.hours()).await;

    assert_elapsed!(hours.hours());
    assert_eq!(name.len(), 1);
}

#[async_test]
#[test_matrix([1, 2])]
async fn a_matrix_may_stand_below(hours: u64) {
    sleep(hours.hours()).await;

    assert_elapsed!(hours.hours());
}
