//! With googletest: its assertions, fatal or not, see the test they stand in.

use googletest::prelude::*;
use rstest::rstest;
use standstill::{assert_elapsed, prelude::*};
use tokio::time::sleep;

#[gtest]
#[standstill::test]
async fn verify_that_sees_virtual_time() -> googletest::Result<()> {
    sleep(1.hours()).await;

    verify_that!(standstill::clock::elapsed(), eq(1.hours()))
}

#[gtest]
#[async_test]
async fn either_name_of_the_attribute_does() -> googletest::Result<()> {
    sleep(1.hours()).await;

    verify_that!(standstill::clock::elapsed(), eq(1.hours()))
}

#[async_test(leaks = "deny")]
#[gtest]
async fn the_attribute_may_stand_above() -> googletest::Result<()> {
    sleep(1.hours()).await;

    expect_that!(standstill::clock::elapsed(), gt(59.mins()));
    verify_that!(standstill::clock::elapsed(), eq(1.hours()))
}

#[async_test]
#[googletest::test]
async fn gtest_may_be_called_test() {
    sleep(1.hours()).await;

    expect_that!(standstill::clock::elapsed(), eq(1.hours()));
}

#[gtest]
#[should_panic(expected = "See failure output above")]
#[standstill::test]
async fn expect_that_fails_the_test_at_its_end() {
    expect_that!(1, eq(2));

    sleep(1.hours()).await;
    assert_elapsed!(1.hours());
}

#[async_test]
#[gtest]
#[should_panic(expected = "See failure output above")]
async fn expect_that_fails_the_test_below_too() {
    expect_that!(1, eq(2));

    sleep(1.hours()).await;
    assert_elapsed!(1.hours());
}

struct Shop {
    name: &'static str,
}

impl ConsumableFixture for Shop {
    fn set_up() -> googletest::Result<Self> {
        Ok(Self { name: "open" })
    }
}

#[gtest]
#[async_test]
async fn a_fixture_is_filled_in(shop: Shop) {
    sleep(1.hours()).await;

    expect_that!(shop.name, eq("open"));
    assert_elapsed!(1.hours());
}

#[async_test]
#[gtest]
async fn a_fixture_is_filled_in_below_too(shop: Shop) {
    sleep(1.hours()).await;

    expect_that!(shop.name, eq("open"));
    assert_elapsed!(1.hours());
}

#[rstest]
#[case(1)]
#[case(2)]
#[gtest]
#[standstill::test]
async fn the_cases_of_rstest_go_with_it(#[case] hours: u64) {
    sleep(hours.hours()).await;

    expect_that!(standstill::clock::elapsed(), eq(hours.hours()));
}

#[gtest]
#[standstill::test(seeds = 2)]
async fn it_goes_with_several_seeds() {
    sleep(1.hours()).await;

    expect_that!(standstill::clock::elapsed(), eq(1.hours()));
}

#[async_test]
#[gtest]
#[rstest]
#[case(1)]
async fn the_three_go_in_any_order(#[case] hours: u64) {
    sleep(hours.hours()).await;

    expect_that!(standstill::clock::elapsed(), eq(hours.hours()));
}
