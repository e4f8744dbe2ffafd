use crate::bookshop::{
    ends_the_process_by_each_engine, fails, fails_after, fails_by_each_engine, fails_on_many_threads,
    fails_on_the_real_clock, fails_under, is_stuck_or_at_its_limit, passes,
};

#[test]
fn the_virtual_limit_shows_where_the_body_waits() {
    fails("limits::the_mail_is_tried_for_ever");
}

#[test]
fn what_is_due_at_the_virtual_limit_is_in_time() {
    passes("limits::what_ends_at_the_very_limit_is_in_time");
}

#[test]
fn the_limit_of_a_test_on_the_real_clock_counts_real_time() {
    fails_on_the_real_clock("limits::a_real_minute_is_waited_for");
}

#[test]
fn a_body_that_blocks_its_thread_for_ever_fails() {
    is_stuck_or_at_its_limit("limits::the_body_blocks_its_thread");
}

#[test]
fn a_test_whose_task_blocks_the_thread_for_ever_fails() {
    is_stuck_or_at_its_limit("limits::a_task_blocks_its_thread");
}

#[test]
fn a_test_whose_named_task_blocks_the_thread_for_ever_fails() {
    is_stuck_or_at_its_limit("limits::a_named_task_blocks_its_thread");
}

#[test]
fn the_wall_limit_ends_a_body_that_yields_for_ever() {
    fails("limits::the_body_yields_for_ever");
}

#[test]
fn the_wall_limit_shows_who_holds_the_clock_from_outside() {
    fails("limits::a_stranger_outside_never_answers");
}

#[test]
fn a_wait_for_a_blocking_job_that_never_ends_fails() {
    is_stuck_or_at_its_limit("limits::a_blocking_job_never_ends");
}

#[test]
fn a_lock_that_a_thread_waits_for_is_named_as_it_is_written() {
    is_stuck_or_at_its_limit("limits::the_till_is_counted_while_it_is_locked");
}

#[test]
fn the_wall_limit_ends_a_stuck_test_on_the_real_clock() {
    fails_on_the_real_clock("limits::nothing_comes_on_the_real_clock");
}

#[test]
fn a_stuck_test_on_many_threads_fails() {
    fails_on_many_threads("limits::nothing_comes_on_many_threads");
}

#[test]
fn without_the_attribute_a_blocked_body_ends_the_process_with_a_report() {
    ends_the_process_by_each_engine("limits::a_body_without_the_attribute_blocks_its_thread");
}

#[test]
fn a_body_that_never_returns_fails() {
    fails_by_each_engine("limits::the_body_never_returns");
}

#[test]
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn a_body_that_never_returns_does_not_spoil_the_tests_after_it() {
    fails_after("limits::the_body_never_returns", "stuck::nobody_serves_the_order");
}

#[test]
fn a_blocking_job_that_never_returns_is_shown_as_what_holds_the_clock() {
    fails_by_each_engine("limits::a_blocking_job_never_returns");
}

#[test]
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn a_thread_that_a_body_leaves_behind_and_that_never_returns_is_shown() {
    fails("limits::a_thread_is_left_behind_that_never_returns");
}

#[test]
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn a_thread_that_spins_while_the_body_sleeps_is_shown_as_what_no_time_passes_for() {
    fails_under("limits::a_thread_spins_while_the_body_sleeps", ("STANDSTILL_ENGINE", "bubble"));
}
