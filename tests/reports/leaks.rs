use crate::bookshop::{fails, fails_under, passes, warns, warns_after};

#[test]
fn a_named_task_alive_at_the_end_is_shown() {
    fails("leaks::a_named_heartbeat_lives_on");
}

#[test]
fn tasks_without_names_alive_at_the_end_are_counted() {
    fails("leaks::two_heartbeats_without_a_name_live_on");
}

#[test]
fn tasks_of_both_kinds_are_told_apart() {
    fails("leaks::heartbeats_of_both_kinds_live_on");
}

#[test]
fn the_environment_sets_the_level() {
    fails_under("leaks::a_leak_that_nobody_asked_about", ("STANDSTILL_LEAKS", "deny"));
}

#[test]
fn at_level_warn_a_leak_is_a_line_on_standard_error() {
    warns("leaks::a_leak_that_only_warns");
}

#[test]
fn what_one_test_warns_of_another_warns_of_too() {
    warns_after("leaks::a_leak_that_only_warns", "leaks::a_leak_that_warns_as_well");
}

#[test]
fn at_level_allow_a_leak_is_no_finding() {
    passes("leaks::a_leak_that_nobody_asked_about");
}

#[test]
fn a_task_in_the_background_is_no_leak() {
    passes("leaks::a_heartbeat_in_the_background_may_live_on");
}
