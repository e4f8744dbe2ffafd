use crate::bookshop::{fails, passes};

#[test]
fn the_named_task_that_keeps_ticking_is_shown() {
    fails("starved::a_named_heartbeat_goes_on");
}

#[test]
fn a_task_without_a_name_that_keeps_ticking_is_counted() {
    fails("starved::a_heartbeat_without_a_name_goes_on");
}

#[test]
fn a_named_task_that_waits_is_told_from_one_that_ticks() {
    fails("starved::a_named_customer_is_never_served");
}

#[test]
fn a_body_that_waits_for_a_timer_is_not_starved() {
    passes("starved::a_long_sleep_beside_a_heartbeat_ends");
}

#[test]
fn a_named_task_that_waits_for_a_timer_is_not_starved() {
    passes("starved::a_task_s_long_sleep_beside_a_heartbeat_ends");
}

#[test]
fn a_body_that_ticks_itself_is_not_starved() {
    passes("starved::the_test_s_own_ticks_are_progress");
}
