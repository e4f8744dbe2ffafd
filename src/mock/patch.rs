use super::MockFn;
use super::signature::Signature;
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
