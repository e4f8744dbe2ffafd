use crate::bookshop::{fails, warns};

#[test]
fn a_thread_that_keeps_the_time_of_one_test_and_works_for_another_is_named() {
    warns("shared::the_kitchen_timer_rings_for_two_shops");
}

#[test]
fn a_test_that_is_stuck_beside_a_timer_that_another_has_is_told_of_it() {
    fails("shared::the_bookbinder_waits_for_a_timer_of_another_shop");
}
