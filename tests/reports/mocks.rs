#[cfg(unix)]
use crate::bookshop::aborts_and_says;
use crate::bookshop::{fails, fails_its_process, fails_under, passes, warns};

#[test]
fn a_call_of_a_mock_without_rules_is_told_what_it_lacks() {
    fails("mocks::the_warehouse_is_asked_before_anybody_told_it_what_to_say");
}

#[test]
fn a_call_that_no_rule_takes_shows_why_each_did_not() {
    fails("mocks::a_mail_goes_to_a_stranger");
}

#[test]
fn the_one_argument_that_misses_is_shown() {
    fails("mocks::a_title_is_asked_for_that_no_rule_knows");
}

#[test]
fn arguments_that_have_names_are_shown_by_them() {
    fails("mocks::a_mail_whose_arguments_have_names_goes_to_a_stranger");
}

#[test]
fn an_argument_without_debug_is_shown_by_its_type() {
    fails("mocks::an_envelope_is_sealed_that_cannot_be_shown");
}

#[test]
fn arguments_that_are_not_kept_are_dots() {
    fails("mocks::a_mock_that_keeps_no_arguments_refuses_a_call");
}

#[test]
fn a_rule_that_is_used_up_says_so() {
    fails("mocks::a_rule_for_two_calls_sees_a_third");
}

#[test]
fn a_rule_that_is_used_up_says_what_it_needs_for_one_more_call() {
    fails("mocks::a_rule_with_one_value_sees_a_second_call");
    fails("mocks::a_rule_with_one_value_is_to_take_two_calls");
    fails("mocks::a_rule_with_as_many_steps_as_calls_sees_one_more");
    fails("mocks::a_rule_with_as_many_delays_as_calls_sees_one_more");
    fails("mocks::a_rule_that_repeats_its_last_step_is_used_up");
}

#[test]
fn a_call_that_must_never_come_names_the_rule() {
    fails("mocks::the_bell_rings_that_must_not");
}

#[test]
fn a_call_with_arguments_that_must_never_come_names_the_rule() {
    fails("mocks::a_customer_must_get_no_mail_and_gets_one");
}

#[test]
fn a_script_at_its_end_says_how_long_it_was() {
    fails("mocks::the_warehouse_is_asked_once_more_than_its_script_knows");
}

#[test]
fn a_sync_call_is_reported_as_an_async_one() {
    fails("mocks::the_warehouse_is_asked_at_once_and_once_more_than_its_script_knows");
}

#[test]
fn delays_at_their_end_say_how_many_they_were() {
    fails("mocks::the_bell_rings_once_more_than_there_are_delays");
}

#[test]
fn a_delay_that_is_left_is_called_a_delay() {
    fails("mocks::the_bell_rings_once_less_than_there_are_delays");
}

#[test]
fn a_rule_without_an_answer_asks_for_one() {
    fails("mocks::a_rule_was_not_told_what_to_answer");
}

#[test]
fn a_call_before_its_turn_names_what_must_come_first() {
    fails("mocks::the_mail_goes_out_before_the_warehouse_was_asked");
}

#[test]
fn a_call_before_its_turn_says_how_much_is_missing() {
    fails("mocks::the_mail_goes_out_when_the_warehouse_was_asked_once_of_twice");
}

#[test]
fn a_call_after_its_turn_names_what_has_come_since() {
    fails("mocks::the_warehouse_is_asked_again_after_the_mail_went_out");
}

#[test]
fn an_exact_number_of_calls_that_is_not_reached_is_said() {
    fails("mocks::one_call_comes_where_two_are_expected");
}

#[test]
fn a_call_that_does_not_come_is_said() {
    fails("mocks::no_call_comes_where_one_is_expected");
}

#[test]
fn a_range_of_calls_that_is_not_reached_is_said() {
    fails("mocks::one_call_comes_where_two_to_four_are_expected");
}

#[test]
fn an_open_range_of_calls_that_is_not_reached_is_said() {
    fails("mocks::no_call_comes_where_at_least_one_is_expected");
}

#[test]
fn a_rule_that_is_never_used_is_said() {
    fails("mocks::a_rule_is_hidden_by_the_one_before_it");
}

#[test]
fn steps_of_a_script_that_are_left_are_counted() {
    fails("mocks::two_steps_of_a_script_are_left");
}

#[test]
fn one_step_of_a_script_that_is_left_is_counted() {
    fails("mocks::one_step_of_a_script_is_left");
}

#[test]
fn each_rule_that_misses_something_is_a_finding_of_its_own() {
    fails("mocks::several_mocks_miss_something");
}

#[test]
fn a_call_that_is_never_polled_is_a_line_on_standard_error() {
    warns("mocks::the_mail_is_written_and_never_sent");
}

#[test]
fn a_call_by_a_dyn_that_is_never_polled_names_the_line_that_dropped_it() {
    warns("mocks::a_page_goes_to_some_printer_and_is_not_waited_for");
    fails("mocks::pages_go_to_some_printer_and_are_not_waited_for");
}

#[test]
fn a_test_that_is_stuck_is_told_of_the_channels_that_mocks_keep_open() {
    fails("mocks::a_mock_keeps_the_sender_of_the_orders_that_the_shop_reads_to_their_end");
}

#[test]
fn at_level_allow_a_call_that_is_never_polled_is_no_finding() {
    passes("mocks::the_mail_may_be_written_and_never_sent");
}

#[test]
fn the_environment_makes_a_call_that_is_never_polled_a_failure() {
    fails_under("mocks::the_mail_is_written_and_never_sent", ("STANDSTILL_NEVER_POLLED", "deny"));
}

#[test]
fn the_mock_makes_a_call_that_is_never_polled_a_failure() {
    fails("mocks::the_mail_is_written_twice_and_never_sent_though_it_must_be");
}

#[test]
fn a_call_that_is_never_polled_is_noted_beside_the_rule_that_missed_it() {
    fails_under("mocks::a_mail_is_written_and_never_sent_where_it_was_expected", ("STANDSTILL_NEVER_POLLED", "allow"));
}

#[test]
fn a_violation_in_a_spawned_task_fails_the_test() {
    fails("mocks::a_spawned_task_asks_what_nobody_expects");
}

#[test]
fn a_violation_in_a_named_task_names_the_task() {
    fails("mocks::a_named_task_asks_what_nobody_expects");
}

#[test]
fn a_violation_fails_the_test_though_a_join_caught_it() {
    fails("mocks::a_task_asks_what_nobody_expects_and_its_panic_is_caught_by_join");
}

#[test]
fn a_violation_stands_beside_the_panic_that_came_of_it() {
    fails("mocks::a_task_asks_what_nobody_expects_and_its_join_is_unwrapped");
}

#[test]
fn a_violation_in_a_blocking_job_fails_the_test() {
    fails("mocks::a_blocking_job_asks_what_nobody_expects");
}

#[test]
fn a_violation_fails_the_test_though_the_body_caught_it() {
    fails("mocks::the_body_asks_what_nobody_expects_and_catches_it");
}

#[test]
fn a_violation_in_a_task_ends_the_test_if_panics_do() {
    fails("mocks::the_first_question_that_nobody_expects_closes_the_shop");
}

#[test]
fn a_violation_is_a_panic_that_should_panic_may_ask_for() {
    passes("mocks::the_question_that_nobody_expects_should_come");
}

#[test]
fn the_body_s_own_panic_comes_before_what_the_mocks_miss() {
    fails("mocks::the_shop_panics_before_it_sends_the_mail");
}

#[test]
fn a_mock_in_a_task_that_never_ends_is_asked_too() {
    fails("mocks::a_task_that_never_ends_keeps_a_mock");
}

#[test]
fn assert_calls_shows_where_the_calls_differ() {
    fails("mocks::other_titles_are_asked_for_than_asserted");
}

#[test]
fn assert_calls_shows_the_first_call_that_is_missing() {
    fails("mocks::fewer_titles_are_asked_for_than_asserted");
}

#[test]
fn assert_calls_shows_the_first_call_too_many() {
    fails("mocks::a_mail_goes_out_that_is_not_asserted");
}

#[test]
fn assert_calls_names_its_line_where_arguments_cannot_be_compared() {
    fails("mocks::titles_are_asserted_that_were_not_kept");
}

#[test]
fn assert_called_once_with_shows_the_other_arguments() {
    fails("mocks::the_one_mail_goes_to_another");
}

#[test]
fn assert_called_once_with_compares_what_borrows_by_its_text() {
    fails("mocks::the_one_letter_goes_to_another");
}

#[test]
fn assert_calls_shows_the_lines_in_which_an_argument_differs() {
    fails("mocks::the_second_parcel_goes_to_another_city");
}

#[test]
fn assert_calls_says_that_one_call_is_missing_or_one_too_many() {
    fails("mocks::a_title_is_not_asked_for_and_those_after_it_are");
    fails("mocks::a_title_too_many_is_asked_for");
}

#[test]
fn assert_called_once_with_shows_in_what_the_closest_call_differs() {
    fails("mocks::two_parcels_go_out_and_none_is_the_one_that_is_asserted");
}

#[test]
fn assert_called_once_with_shows_a_long_text_where_it_differs() {
    fails("mocks::a_chapter_is_searched_for_that_ends_like_another");
}

#[test]
fn a_call_that_no_rule_takes_shows_in_what_it_differs_from_the_closest() {
    fails("mocks::a_parcel_goes_out_that_is_almost_the_expected_one");
}

#[test]
fn assert_called_once_with_counts_the_calls() {
    fails("mocks::the_one_mail_is_two");
}

#[test]
fn assert_called_once_with_says_that_there_was_no_call() {
    fails("mocks::the_one_question_is_never_asked");
}

#[test]
fn assert_never_called_shows_the_call() {
    fails("mocks::the_bell_rings_that_is_asserted_not_to");
}

#[test]
fn assert_all_completed_shows_the_call_that_did_not() {
    fails("mocks::a_mail_is_given_up");
}

#[test]
fn a_checkpoint_says_all_that_is_missing() {
    fails("mocks::something_is_missing_at_a_checkpoint");
}

#[test]
fn wait_until_called_shows_the_calls_that_came() {
    fails("mocks::fewer_calls_come_than_are_waited_for");
}

#[test]
fn wait_until_called_says_that_none_came() {
    fails("mocks::no_call_comes_that_is_waited_for");
}

#[test]
fn a_call_that_is_never_answered_is_among_the_last_events() {
    fails("mocks::the_warehouse_never_answers");
}

#[test]
fn a_call_that_the_test_never_answers_is_among_the_last_events() {
    fails("mocks::the_test_never_answers_by_hand");
}

#[test]
fn the_first_call_that_was_never_polled_is_shown_though_many_came_after_it() {
    fails("mocks::the_first_ring_of_a_day_is_not_waited_for");
}

#[test]
fn each_violation_is_a_finding_of_its_own() {
    fails("mocks::the_warehouse_is_asked_twice_what_nobody_expects");
}

#[test]
fn outside_a_bubble_a_mock_says_what_it_misses_when_it_is_dropped() {
    fails("mocks::outside_a_bubble_something_is_missing");
}

#[test]
fn outside_a_bubble_a_refused_call_shows_no_instants() {
    fails("mocks::outside_a_bubble_a_title_is_asked_for_that_no_rule_knows");
}

#[test]
fn of_very_many_calls_the_last_ones_are_listed() {
    fails("mocks::the_bell_rings_all_day");
}

#[test]
fn a_long_argument_is_shortened() {
    fails("mocks::a_whole_chapter_is_asked_for");
}

#[test]
fn calls_of_named_tasks_name_the_task() {
    fails("mocks::a_task_s_call_is_cancelled_where_it_was_not_expected_to_be");
}

#[test]
fn a_long_expectation_is_shortened_in_the_headline() {
    fails("mocks::a_whole_chapter_is_expected");
}

#[test]
fn an_earlier_rule_is_named_by_the_rules_whose_calls_it_took() {
    fails("mocks::two_rules_miss_calls_that_the_first_one_took");
}

#[test]
fn what_does_not_come_after_a_refused_call_of_the_body_is_no_finding() {
    fails("mocks::the_mails_of_a_day_are_expected_and_the_first_question_is_refused");
}

#[test]
fn what_does_not_come_of_another_mock_is_a_finding_beside_a_task_s_refused_call() {
    fails("mocks::a_task_s_question_is_refused_and_another_mock_misses_a_call");
}

#[test]
fn a_checkpoint_leaves_out_what_a_refused_call_may_have_been_meant_to_be() {
    fails("mocks::a_question_is_refused_before_a_checkpoint");
}

#[test]
fn a_violation_is_no_panic_that_a_test_can_announce() {
    fails("mocks::a_question_that_nobody_expects_is_announced_as_a_panic");
}

#[test]
fn outside_a_bubble_a_mock_that_a_task_drops_fails_the_process_where_tokio_catches_its_panic() {
    fails_its_process("mocks::outside_a_bubble_a_task_has_the_mock_when_the_runtime_drops_it");
    fails_its_process("mocks::outside_a_bubble_a_task_has_the_mock_whose_call_is_refused");
}

#[test]
fn outside_a_bubble_a_mock_that_another_thread_drops_fails_the_process() {
    fails_its_process("mocks::outside_a_bubble_a_thread_has_the_mock_that_nobody_joins");
    fails_its_process("mocks::outside_a_bubble_a_thread_without_a_name_has_the_mock_that_nobody_joins");
}

#[test]
fn a_call_by_hand_that_the_test_does_not_take_is_warned_of() {
    warns("mocks::a_task_asks_by_hand_what_the_test_does_not_answer");
}

#[test]
fn a_call_that_is_refused_while_a_panic_unwinds_is_found_if_it_gives_nothing() {
    fails("mocks::the_shop_panics_and_its_door_rings_a_bell_that_must_not_ring");
    fails("mocks::outside_a_bubble_the_shop_panics_and_its_door_rings_a_bell_that_must_not_ring");
}

#[test]
#[cfg(unix)]
fn a_call_that_is_refused_while_a_panic_unwinds_says_so_before_it_ends_the_process() {
    let text = "standstill: the call stock(\"Dune\") is unexpected: this mock has no rules\n";
    aborts_and_says("mocks::the_shop_panics_and_its_door_asks_what_nobody_expects", text);
}

#[test]
fn a_refused_call_comes_before_what_is_missing_and_may_follow_from_it() {
    fails("mocks::a_mail_is_missing_since_a_task_s_question_was_refused");
}

#[test]
fn a_stuck_test_names_the_calls_that_wait_for_it_and_what_each_is_lacking() {
    fails("mocks::questions_wait_for_answers_that_the_test_alone_can_give");
}

#[test]
fn a_next_call_that_never_comes_names_its_mock() {
    fails("mocks::a_mail_is_awaited_by_hand_that_nobody_writes");
}

#[test]
fn a_next_call_that_a_rule_took_says_so() {
    fails("mocks::a_question_is_awaited_by_hand_that_a_rule_answers");
}

#[test]
fn a_call_at_a_gate_that_was_dropped_says_so() {
    fails("mocks::a_question_waits_at_a_gate_that_is_gone");
}

#[test]
fn an_argument_that_cannot_be_compared_is_named() {
    fails("mocks::a_stamp_is_asserted_of_which_there_is_no_copy");
}

#[test]
fn of_an_argument_that_is_shown_by_its_type_a_rule_that_misses_says_how_to_have_its_value_shown() {
    fails("mocks::a_drawer_is_opened_by_a_key_of_which_only_the_type_is_known");
}
