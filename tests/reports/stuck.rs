use crate::bookshop::fails;

#[test]
fn the_chain_of_awaits_is_shown_down_to_the_leaf() {
    fails("stuck::nobody_serves_the_order");
}

#[test]
fn each_branch_of_a_select_has_its_own_chain() {
    fails("stuck::nobody_orders_and_nobody_closes");
}

#[test]
fn each_branch_of_a_join_has_its_own_chain() {
    fails("stuck::two_customers_wait_side_by_side");
}

#[test]
fn a_join_of_futures_of_a_library_says_what_each_of_them_waits_for() {
    fails("stuck::a_customer_joins_what_tokio_itself_gives");
}

#[test]
fn a_deadlock_of_two_mutexes_is_found() {
    fails("stuck::two_shelves_wait_for_each_other");
}

#[test]
fn named_tasks_are_shown_and_the_others_are_counted() {
    fails("stuck::the_shop_waits_for_an_order_that_is_never_made");
}

#[test]
fn a_wait_for_a_join_handle_is_shown() {
    fails("stuck::a_task_is_joined_that_never_ends");
}

#[test]
fn a_wait_for_a_join_set_is_shown() {
    fails("stuck::a_set_of_tasks_is_joined_that_never_end");
}

#[test]
fn a_wait_for_a_named_task_is_shown_with_what_that_task_waits_for() {
    fails("stuck::a_named_task_is_joined_that_never_ends");
}

#[test]
fn a_gather_shows_the_child_that_does_not_end() {
    fails("stuck::a_customer_of_several_is_never_served");
}

#[test]
fn a_method_of_a_trait_is_a_link_of_the_chain() {
    fails("stuck::the_bank_never_rings");
}

#[test]
fn a_panic_in_a_task_is_noted_beside_it() {
    fails("stuck::the_shop_panics_and_keeps_the_customer_waiting");
}

#[test]
fn a_sleep_while_the_clock_is_frozen_is_stuck_and_the_freeze_is_shown() {
    fails("stuck::the_clock_stays_frozen");
}

#[test]
fn a_body_that_left_no_waker_is_said_to_have_left_none() {
    fails("stuck::it_waits_for_nothing_at_all");
}

#[test]
fn without_the_attribute_there_is_no_test_to_run_again() {
    fails("stuck::a_body_without_the_attribute_waits_for_ever");
}

#[test]
fn it_is_no_panic_that_should_panic_asks_for() {
    fails("stuck::the_panic_that_should_come_does_not");
}
