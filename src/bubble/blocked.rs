use std::backtrace::Backtrace;
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::lock;
use crate::os::{Detail, Scope, What};

/// The calls that were made inside a poll and block.
#[derive(Default)]
pub(crate) struct Blocked {
    calls: Mutex<BTreeMap<(Vec<usize>, Scope), BlockedCall>>,
    /// How often a poll that keeps the processor was looked at once it was known.
    looks: AtomicUsize,
}

/// Such a call, with all others from the same line.
pub(crate) struct BlockedCall {
    /// How many were seen before it.
    pub(crate) number: usize,
    pub(crate) what: What,
    pub(crate) detail: Detail,
    pub(crate) scope: Scope,
    /// Who made it first, and when.
    pub(crate) who: String,
    pub(crate) at: Option<Duration>,
    pub(crate) count: u64,
    pub(crate) stack: Stack,
}

/// The calls that its thread was in.
#[cfg_attr(not(seam), expect(dead_code, reason = "only the seam sees calls"))]
pub(crate) enum Stack {
    Here(Backtrace),
    /// Those of a thread that another one has interrupted, several times; as addresses only.
    Interrupted(Vec<Vec<usize>>),
}

#[cfg_attr(not(seam), expect(dead_code, reason = "only the seam sees calls"))]
impl Blocked {
    /// Counts a call that was seen before from the same calls around it.
    pub(crate) fn count(&self, key: &(Vec<usize>, Scope)) -> bool {
        let mut calls = lock(&self.calls);
        let seen = calls.get_mut(key);
        seen.map(|call| call.count += 1).is_some()
    }

    /// Adds one that was not.
    pub(crate) fn add(&self, key: (Vec<usize>, Scope), mut call: BlockedCall) {
        let mut calls = lock(&self.calls);
        call.number = next(&calls);
        calls.entry(key).and_modify(|seen| seen.count += 1).or_insert(call);
    }

    /// Adds a poll that keeps the processor, and gives its number.
    pub(crate) fn add_burn(&self, mut call: BlockedCall) -> usize {
        let mut calls = lock(&self.calls);
        let number = next(&calls);
        call.number = number;
        // Its stacks differ from each other: the number tells it from others.
        calls.insert((vec![usize::MAX, number], call.scope), call);
        number
    }

    /// Changes what is known of one.
    pub(crate) fn change_burn(&self, number: usize, change: impl FnOnce(&mut BlockedCall)) {
        let mut calls = lock(&self.calls);
        if let Some(call) = calls.values_mut().find(|call| call.number == number && call.what == What::Burn) {
            change(call);
            self.looks.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Forgets one: it is no matter to complain of.
    pub(crate) fn forget_burn(&self, number: usize) {
        lock(&self.calls).retain(|_, call| call.number != number || call.what != What::Burn);
    }

    pub(crate) fn len(&self) -> usize {
        lock(&self.calls).len()
    }

    /// The same, and how often those were looked at that are polls which go on.
    pub(crate) fn noted(&self) -> usize {
        self.len() + self.looks.load(Ordering::Relaxed)
    }

    /// Takes all, in the order in which they were first made.
    pub(crate) fn take(&self) -> Vec<BlockedCall> {
        let mut calls: Vec<_> = std::mem::take(&mut *lock(&self.calls)).into_values().collect();
        calls.sort_by_key(|call| call.number);
        calls
    }
}

/// The number of the next one: one of those before it may have been forgotten.
fn next(calls: &BTreeMap<(Vec<usize>, Scope), BlockedCall>) -> usize {
    calls.values().map(|call| call.number + 1).max().unwrap_or(0)
}

#[cfg(all(test, seam))]
mod tests {
    use super::*;

    fn call(who: &str, what: What) -> BlockedCall {
        BlockedCall {
            number: 0,
            what,
            detail: Detail::Nothing,
            scope: Scope::Open,
            who: who.to_owned(),
            at: None,
            count: 1,
            stack: Stack::Interrupted(Vec::new()),
        }
    }

    #[test]
    fn calls_keep_their_order_where_one_between_them_is_forgotten() {
        let blocked = Blocked::default();
        let burn = blocked.add_burn(call("forgotten", What::Burn));
        blocked.add((vec![2], Scope::Open), call("first", What::Sleep));
        blocked.forget_burn(burn);
        blocked.add((vec![1], Scope::Open), call("second", What::Sleep));

        let who: Vec<_> = blocked.take().into_iter().map(|call| call.who).collect();
        assert_eq!(who, ["first", "second"]);
    }
}
