use std::sync::atomic::Ordering;

use super::MockFn;
use super::call::{Announced, announce};
use super::signature::{Async, Signature};
use crate::bubble;

/// Puts a mock in place of a function, for the current bubble, and gives it.
#[track_caller]
pub fn patch<S: Signature>(name: &'static str) -> MockFn<S> {
    let bubble = bubble::expect_current("patch!");
    bubble.patches.get_or_insert_with(|| {
        let mock = MockFn::<S>::new(name);
        mock.shared().is_patch.store(true, Ordering::Relaxed);
        mock
    })
}

/// The mock in place of a function, if there is one, and it is not its answer that calls the function.
pub fn patched<S: Signature>() -> Option<MockFn<S>> {
    let mock: MockFn<S> = bubble::current()?.patches.get()?;
    (!mock.shared().is_answering_here()).then_some(mock)
}

/// Puts a call of a function's patch on record, if there is one.
#[track_caller]
pub fn announce_patched<S: Async>(patch: Option<MockFn<S>>, args: &S::Args<'_>) -> Option<Announced<S>> {
    match patch {
        Some(mock) => Some(announce(&mock, args)),
        None => None,
    }
}
