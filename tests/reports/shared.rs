use crate::bookshop::warns;

#[test]
fn a_thread_that_keeps_the_time_of_one_test_and_works_for_another_is_named() {
    warns("shared::the_kitchen_timer_rings_for_two_shops");
}
