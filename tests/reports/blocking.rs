use crate::bookshop::{fails, says_under, warns};

#[test]
fn a_sleep_is_shown_with_its_length_and_instant() {
    fails("blocking::the_ink_dries");
}

#[test]
fn a_sleep_that_is_made_again_and_again_is_counted() {
    fails("blocking::the_ink_dries_in_a_named_task");
}

#[test]
fn a_connection_is_shown_with_its_address() {
    fails("blocking::the_warehouse_is_rung_up");
}

#[test]
fn a_look_up_is_shown_with_the_host_s_name() {
    fails("blocking::the_warehouse_is_looked_up");
}

#[test]
fn a_child_process_is_shown() {
    fails("blocking::a_label_is_printed");
}

#[test]
fn a_thread_that_is_joined_is_shown() {
    fails("blocking::the_shelves_are_counted");
}

#[test]
fn standard_input_is_shown() {
    fails("blocking::the_customer_is_asked");
}

#[test]
fn a_pipe_is_shown() {
    fails("blocking::the_bell_is_heard");
}

#[test]
fn a_file_is_shown_with_its_path() {
    fails("blocking::the_ledger_is_read");
}

#[test]
fn a_file_only_warns_in_one_line() {
    warns("blocking::the_ledger_is_read_and_that_only_warns");
}

#[test]
fn a_lock_is_shown() {
    fails("blocking::somebody_has_the_key_of_the_till");
}

#[test]
fn a_channel_is_shown() {
    fails("blocking::an_order_is_waited_for");
}

#[test]
fn a_call_that_is_allowed_is_a_note_of_another_failure() {
    fails("blocking::the_old_printer_may_dry_and_then_the_till_is_short");
}

#[test]
fn a_library_s_own_call_is_shown_by_the_library_s_functions() {
    fails("blocking::a_library_dries_the_ink");
}

#[test]
fn a_call_of_a_library_that_waits_is_shown_with_what_it_waits_in() {
    fails("blocking::an_order_is_waited_for_by_a_library");
}

#[test]
fn a_rule_that_met_no_call_is_shown() {
    fails("blocking::the_till_was_allowed_to_block");
}

#[test]
fn a_detector_panics_with_all_that_it_denies() {
    fails("blocking::the_ink_dries_under_tokio_s_own_attribute");
}

#[test]
fn all_frames_are_shown_under_full_backtraces() {
    says_under("blocking::the_ink_dries", ("RUST_BACKTRACE", "full"), "\n  all frames\n");
}

#[test]
fn a_run_without_an_attribute_is_told_what_its_builder_takes() {
    fails("blocking::a_run_without_an_attribute_sleeps");
}
