use crate::bookshop::{fails, passes};

#[test]
fn a_panic_of_the_body_is_shown_with_its_instant() {
    fails("body::the_body_panics");
}

#[test]
fn findings_follow_a_panic_of_the_body_as_notes() {
    fails("body::the_body_panics_and_more_is_wrong");
}

#[test]
fn a_panic_in_a_task_that_brought_down_the_body_is_noted() {
    fails("body::the_shop_panics_and_so_does_the_customer");
}

#[test]
fn an_error_is_shown_with_its_sources() {
    fails("body::the_body_returns_an_error_with_sources");
}

#[test]
fn a_boxed_error_is_shown_with_its_sources() {
    fails("body::the_body_returns_a_boxed_error");
}

#[test]
fn an_error_that_is_only_text_is_shown() {
    fails("body::the_body_returns_words");
}

#[test]
fn findings_follow_an_error_of_the_body_as_notes() {
    fails("body::the_body_returns_an_error_and_more_is_wrong");
}

#[test]
fn an_exit_code_other_than_success_fails_the_test() {
    fails("body::the_body_returns_an_exit_code");
}

#[test]
fn a_local_that_panics_in_its_drop_is_a_panic_of_the_body() {
    fails("body::a_local_panics_when_it_is_dropped");
}

#[test]
fn a_local_of_a_stuck_body_that_panics_in_its_drop_is_noted() {
    fails("body::a_local_of_a_stuck_body_panics_when_it_is_dropped");
}

#[test]
fn should_panic_takes_the_panic_of_the_body() {
    passes("body::the_panic_that_should_come_comes");
}

#[test]
fn should_panic_takes_the_panic_of_the_body_whatever_else_is_found() {
    passes("body::the_panic_that_should_come_comes_and_more_is_wrong");
}

#[test]
fn should_panic_does_not_take_the_panic_of_a_task() {
    fails("body::the_panic_that_should_come_comes_in_a_task");
}

#[test]
fn should_panic_compares_with_the_text_of_the_body_s_panic() {
    fails("body::another_panic_comes_than_should");
}
