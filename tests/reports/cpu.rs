use crate::bookshop::{fails, fails_for_its_cpu_time, passes, warns};

#[test]
fn a_poll_that_computes_is_shown_with_the_line_that_was_seen_most() {
    fails_for_its_cpu_time("cpu::the_body_computes_a_digest", &[]);
}

#[test]
fn the_poll_of_a_named_task_is_shown() {
    fails_for_its_cpu_time("cpu::a_named_task_computes_a_digest", &[]);
}

#[test]
fn the_environment_sets_the_budget() {
    fails_for_its_cpu_time("cpu::a_digest_that_nobody_limits", &[("STANDSTILL_POLL_BUDGET", "10ms")]);
}

#[test]
fn a_poll_within_its_budget_is_none() {
    passes("cpu::a_digest_within_its_budget");
}

#[test]
fn a_spin_on_the_clock_is_shown() {
    fails("cpu::the_body_spins_on_the_clock");
}

#[test]
fn by_default_what_keeps_the_processor_only_warns() {
    warns("cpu::the_body_spins_on_the_clock_and_only_warns");
}
