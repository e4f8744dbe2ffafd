use crate::bookshop::{fails, passes, warns};

#[test]
fn a_panic_in_a_spawned_task_fails_the_test() {
    fails("panics::a_spawned_task_takes_what_is_not_there");
}

#[test]
fn a_panic_in_a_local_task_fails_the_test() {
    fails("panics::a_local_task_takes_what_is_not_there");
}

#[test]
fn a_panic_in_a_named_task_is_shown_with_the_name() {
    fails("panics::a_named_task_takes_what_is_not_there");
}

#[test]
fn a_panic_in_a_blocking_job_fails_the_test_although_it_is_joined() {
    fails("panics::a_blocking_job_panics");
}

#[test]
fn each_panic_is_shown() {
    fails("panics::two_customers_want_the_last_copy");
}

#[test]
fn a_failed_assertion_in_a_task_is_shown_with_both_sides() {
    fails("panics::a_task_s_assertion_fails");
}

#[test]
fn a_panic_whose_payload_is_no_text_is_shown() {
    fails("panics::a_task_panics_without_words");
}

#[test]
fn the_first_panic_ends_the_test_if_it_shuts_down_the_runtime() {
    fails("panics::the_first_panic_closes_the_shop");
}

#[test]
fn too_few_expected_panics_fail_the_test() {
    fails("panics::an_expected_panic_does_not_come");
}

#[test]
fn a_panic_with_another_text_is_not_the_expected_one() {
    fails("panics::another_panic_comes_than_was_expected");
}

#[test]
fn at_level_warn_a_panic_is_a_line_on_standard_error() {
    warns("panics::a_panic_that_only_warns");
}

#[test]
fn at_level_allow_a_panic_is_no_finding() {
    passes("panics::an_allowed_panic_comes");
}

#[test]
fn an_expected_panic_is_no_finding() {
    passes("panics::an_expected_panic_comes");
}

#[test]
fn a_panic_that_the_task_catches_is_no_finding() {
    passes("panics::a_task_catches_its_own_panic");
}

#[test]
fn a_panic_that_a_layer_inside_the_task_catches_is_no_finding() {
    passes("panics::a_layer_inside_the_task_catches_the_panic");
}

#[test]
fn a_panic_that_a_gather_gives_as_a_value_is_no_finding() {
    passes("panics::a_gather_gives_the_panic_as_a_value");
}
