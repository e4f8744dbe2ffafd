use crate::bookshop::{fails, fails_by_the_portable_engine, fails_on_the_real_clock, fails_under, passes};

#[test]
fn reading_the_clock_outside_a_bubble_panics_at_the_caller() {
    fails("misuse::the_clock_is_read_outside_a_bubble");
}

#[test]
fn moving_the_clock_outside_a_bubble_panics_at_the_caller() {
    fails("misuse::the_clock_is_moved_outside_a_bubble");
}

#[test]
fn asserting_time_outside_a_bubble_panics_at_the_caller() {
    fails("misuse::elapsed_time_is_asserted_outside_a_bubble");
}

#[test]
fn a_meter_outside_a_bubble_panics_at_the_caller() {
    fails("misuse::a_meter_is_made_outside_a_bubble");
}

#[test]
fn a_named_task_outside_a_bubble_panics_at_the_caller() {
    fails("misuse::a_task_is_spawned_outside_a_bubble");
}

#[test]
fn moving_a_clock_of_many_threads_panics_at_the_caller() {
    fails_by_the_portable_engine("misuse::a_clock_of_many_threads_is_moved");
}

#[test]
fn freezing_a_real_clock_panics_at_the_caller() {
    fails_on_the_real_clock("misuse::a_real_clock_is_frozen");
}

#[test]
fn a_named_task_on_many_threads_panics_at_the_caller() {
    fails_on_the_real_clock("misuse::a_named_task_is_spawned_on_many_threads");
}

#[test]
fn moving_the_clock_past_its_end_panics_at_the_caller() {
    fails("misuse::the_clock_is_moved_past_its_end");
}

#[test]
fn a_bubble_inside_a_bubble_is_refused() {
    fails("misuse::a_bubble_is_opened_inside_a_bubble");
}

#[test]
fn a_bubble_inside_a_runtime_is_refused() {
    fails("misuse::a_bubble_is_opened_inside_a_runtime");
}

#[test]
fn a_variable_with_an_unknown_level_is_refused() {
    fails_under("misuse::the_environment_is_read", ("STANDSTILL_LEAKS", "dney"));
}

#[test]
fn a_variable_with_a_duration_without_unit_is_refused() {
    fails_under("misuse::the_environment_is_read", ("STANDSTILL_WALL_TIMEOUT", "60"));
}

#[test]
fn a_variable_with_a_number_that_is_none_is_refused() {
    fails_under("misuse::the_environment_is_read", ("STANDSTILL_STUCK_AFTER", "never"));
}

#[test]
fn a_variable_with_a_seed_that_is_no_number_is_refused() {
    fails_under("misuse::the_environment_is_read", ("STANDSTILL_SEED", "many"));
}

#[test]
fn no_variable_of_the_environment_is_needed() {
    passes("misuse::the_environment_is_read");
}

#[test]
fn a_pause_of_tokio_s_clock_where_it_is_paused_already_is_told_to_leave_out() {
    fails_by_the_portable_engine("misuse::tokio_s_clock_is_paused_by_the_body");
}
