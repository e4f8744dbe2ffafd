use crate::bookshop::{fails, fails_by_each_engine, fails_under, passes, warns};

#[test]
fn the_first_seed_that_fails_is_shown_with_its_own_report() {
    fails("seeds::who_comes_at_closing_time_is_served");
}

#[test]
fn a_seed_that_fails_at_once_is_the_first() {
    fails("seeds::who_comes_at_closing_time_is_served_at_once");
}

#[test]
fn a_test_passes_that_passes_with_all_seeds() {
    passes("seeds::who_comes_on_another_day_is_served");
}

#[test]
fn what_several_seeds_warn_of_is_said_once() {
    warns("seeds::a_customer_stays_in_the_shop");
}

#[test]
fn of_several_seeds_the_one_in_the_environment_runs_alone() {
    fails_under("seeds::who_comes_at_closing_time_is_served", ("STANDSTILL_SEED", "12"));
}

#[test]
fn a_test_that_ends_its_process_is_shown_with_what_it_printed() {
    fails("seeds::the_shop_burns_down");
}

#[test]
fn a_test_that_ends_its_process_without_an_error_has_not_passed() {
    fails("seeds::the_shop_is_left_before_closing_time");
}

#[test]
fn a_test_that_cannot_be_run_alone_is_no_test_that_passes() {
    fails("seeds::a_test_cannot_be_run_alone");
}

#[test]
fn a_seed_from_the_environment_is_set_again_to_run_a_test_again() {
    fails_under("seeds::a_customer_is_not_served", ("STANDSTILL_SEED", "0x2a"));
}

#[test]
fn the_first_event_that_differs_is_shown() {
    fails("seeds::the_second_day_is_longer");
}

#[test]
fn an_event_that_comes_only_once_is_shown() {
    fails("seeds::the_second_day_has_an_evening");
}

#[test]
fn a_call_of_a_mock_that_differs_is_shown_with_its_arguments() {
    fails("seeds::the_second_day_s_mail_is_another");
}

#[test]
fn a_test_that_fails_only_once_is_shown() {
    fails("seeds::the_second_day_goes_wrong");
}

#[test]
fn a_test_passes_whose_runs_are_the_same() {
    passes("seeds::each_day_is_like_the_other");
}

#[test]
fn a_seed_without_an_effect_is_refused() {
    fails_under("seeds::a_seed_is_set", ("STANDSTILL_ENGINE", "portable"));
}

#[test]
fn seeds_without_an_effect_are_refused() {
    fails_under("seeds::who_comes_on_another_day_is_served", ("STANDSTILL_ENGINE", "portable"));
}

#[test]
fn a_check_without_an_effect_is_refused() {
    fails_under("seeds::the_second_day_goes_wrong", ("STANDSTILL_ENGINE", "portable"));
}

#[test]
fn a_seed_on_the_real_clock_is_refused() {
    fails("seeds::a_seed_is_set_on_the_real_clock");
}

#[test]
fn a_seed_on_tokio_s_own_clock_is_refused() {
    fails("seeds::a_seed_is_set_on_tokio_s_own_clock");
}

#[test]
fn the_date_at_which_a_test_began_is_shown_if_it_has_read_the_date() {
    fails_by_each_engine("seeds::the_shop_is_open_in_the_new_year");
}
