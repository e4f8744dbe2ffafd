use crate::bookshop::fails;

#[test]
fn an_exact_time_that_did_not_pass_is_shown() {
    fails("clock::the_mail_is_slower_than_it_should");
}

#[test]
fn a_range_of_time_is_shown_with_both_ends() {
    fails("clock::the_mail_is_slower_than_it_may");
}

#[test]
fn a_range_of_time_without_an_end_is_shown() {
    fails("clock::the_mail_is_faster_than_it_may");
}

#[test]
fn a_time_since_a_given_start_is_shown() {
    fails("clock::the_second_mail_is_slower_than_it_should");
}

#[test]
fn a_window_with_too_many_events_is_shown_with_them() {
    fails("rates::more_orders_in_a_second_than_may_be");
}

#[test]
fn two_events_that_are_too_close_are_shown() {
    fails("rates::orders_closer_than_may_be");
}

#[test]
fn a_window_of_no_length_is_refused() {
    fails("rates::a_window_of_no_length");
}

#[test]
fn a_tick_of_a_meter_from_a_list_is_refused() {
    fails("rates::a_tick_of_a_finished_list");
}

#[test]
fn the_output_of_a_running_task_is_refused() {
    fails("tasks::the_output_of_a_running_task_is_taken");
}

#[test]
fn a_wait_for_no_tasks_says_so() {
    fails("tasks::a_wait_for_nobody");
}

#[test]
fn the_error_of_a_gathered_task_is_shown_with_its_sources() {
    fails("tasks::a_gathered_task_fails");
}
