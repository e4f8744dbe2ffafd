use crate::bookshop::fails;

#[test]
fn a_future_that_is_ready_but_woke_nobody_is_a_lost_wake_up() {
    fails("lost::the_parcel_comes_but_nobody_rings");
}

#[test]
fn a_body_that_goes_on_only_when_looked_at_has_lost_a_wake_up() {
    fails("lost::nobody_rings_and_there_is_more_to_do");
}

#[test]
fn a_named_task_that_goes_on_only_when_looked_at_has_lost_a_wake_up() {
    fails("lost::nobody_rings_for_the_neighbour_who_takes_the_parcel");
}

#[test]
fn a_future_that_keeps_no_waker_and_is_never_ready_is_stuck() {
    fails("lost::the_parcel_never_comes");
}
