use std::task::{Context, Poll, Waker};

use tokio::task;
use tokio::task::coop::{has_budget_remaining, poll_proceed};

use super::scope::scope;
use crate::os::Probed;

/// Twice what tokio gives a poll: where there is no budget, all of it is tried in vain.
const MOST: usize = 256;

/// A poll with less left is not marked: it might come to its budget's end.
const LEAST: usize = 32;

/// Whether the calling code runs inside a poll of a tokio runtime.
pub(super) fn is_polling() -> bool {
    left().is_some()
}

/// How much is left of the budget of the poll that the calling code runs in.
///
/// Only there has it a budget, which can be spent; dropping the first guard gives it back. `spawn_blocking`, `block_in_place` and
/// `task::unconstrained` have none.
fn left() -> Option<usize> {
    if !has_budget_remaining() {
        return Some(0);
    }
    let mut cx = Context::from_waker(Waker::noop());
    let Poll::Ready(_first) = poll_proceed(&mut cx) else { return Some(0) };
    (1..MOST).find(|_| {
        if !has_budget_remaining() {
            return true;
        }
        if let Poll::Ready(step) = poll_proceed(&mut cx) {
            step.made_progress();
        }
        false
    })
}

/// Tells which poll the thread is in that a signal has interrupted.
///
/// A poll is marked by taking one from its budget, which the next poll has in full again.
pub(super) fn probe(marks: bool) -> Option<Probed> {
    // A panic that prints itself takes its time.
    if std::thread::panicking() {
        return None;
    }
    let left = left()?;
    if marks && left >= LEAST {
        let mut cx = Context::from_waker(Waker::noop());
        if let Poll::Ready(step) = poll_proceed(&mut cx) {
            step.made_progress();
        }
    }
    Some(Probed { task: task::try_id(), left, scope: scope() })
}

/// What a marked poll had left, by what it had before.
pub(super) fn marked(left: usize) -> Option<usize> {
    (left >= LEAST).then(|| left - 1)
}
