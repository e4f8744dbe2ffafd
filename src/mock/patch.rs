use super::MockFn;
use super::call::{Announced, announce};
use super::signature::{Async, Signature};
use crate::bubble;

/// Puts a mock in place of a function, for the current bubble, and gives it.
#[track_caller]
pub fn patch<S: Signature>(name: &'static str) -> MockFn<S> {
    let bubble = bubble::expect_current("patch!");
    bubble.patches.get_or_insert_with(|| MockFn::<S>::new(name))
}

/// The mock in place of a function, if there is one.
pub fn patched<S: Signature>() -> Option<MockFn<S>> {
    bubble::current()?.patches.get()
}

/// Puts a call of a function's patch on record, if there is one.
#[track_caller]
pub fn announce_patched<S: Async>(args: &S::Args<'_>) -> Option<Announced<S>> {
    match patched() {
        Some(mock) => Some(announce(&mock, args)),
        None => None,
    }
}
