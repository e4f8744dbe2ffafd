use std::fmt;
use std::ops::Deref;
use std::time::Duration;
use std::{slice, vec};

use tokio::task::Id;

use super::args::Args;
use super::book::Origin;
use super::called::{Called, Outcome};
use super::signature::Signature;
use super::state::{Shared, State};
use crate::bubble::{Event, Log};

/// The calls of a mock, in the order in which they were made. Reads as a slice.
///
/// Its `{:#?}` has a line for each call, for snapshots.
///
/// # Examples
///
/// ```
/// use standstill::mock::MockFn;
///
/// standstill::run(async || {
///     let fetch: MockFn<fn(u64)> = MockFn::new("fetch");
///     fetch.nice();
///     fetch.call(7).await;
///     fetch.call(8).await;
///
///     for (call, id) in fetch.calls().into_iter().zip([7, 8]) {
///         assert_eq!(call.args, id);
///     }
/// });
/// ```
pub struct Calls<S: Signature>(Vec<Called<S>>);

/// Calls without the names of their tasks.
pub(super) struct Unnamed<S: Signature> {
    calls: Vec<Called<S>>,
    origins: Vec<Origin>,
}

impl<S: Signature> Shared<S> {
    /// The calls since the last checkpoint.
    pub(super) fn calls(&self) -> Calls<S> {
        let read = self.read(&mut self.state());
        self.named(read)
    }

    /// The calls since the last checkpoint, of which it is not said yet which tasks made them: that stands in the log, whose lock comes
    /// before the mock's.
    pub(super) fn read(&self, state: &mut State<S>) -> Unnamed<S> {
        let is_virtual = self.home().is_virtual();
        let book = &mut state.book;
        let mut calls: Vec<_> = (1..)
            .zip(book.share_all())
            .map(|(number, kept)| Called {
                number,
                args: Args::new(kept.clone()),
                called_at: Duration::ZERO,
                polled_at: None,
                ended_at: None,
                outcome: Outcome::InFlight,
                task: None,
                name: self.name,
                is_virtual,
            })
            .collect();
        for (at, call, did) in book.deeds() {
            calls[call].goes_on(at, did);
        }
        Unnamed { calls, origins: book.origins.clone() }
    }

    /// Gives the calls with the names of their tasks.
    pub(super) fn named(&self, Unnamed { mut calls, origins }: Unnamed<S>) -> Calls<S> {
        self.name_tasks(&mut calls, &origins);
        Calls(calls)
    }

    /// Says which tasks made the calls.
    fn name_tasks(&self, calls: &mut [Called<S>], origins: &[Origin]) {
        if origins.iter().all(|origin| origin.task.is_none()) {
            return;
        }
        let names = self.home().log(|log| tasks(log, origins)).unwrap_or_default();
        // From the last origin on, each has the calls up to the next one.
        let mut rest = calls;
        for origin in origins.iter().rev() {
            let (before, theirs) = rest.split_at_mut(origin.start);
            if let Some((_, name)) = names.iter().find(|(id, _)| Some(*id) == origin.task) {
                for call in theirs {
                    call.task = Some(name.clone());
                }
            }
            rest = before;
        }
    }
}

fn tasks(log: &Log, origins: &[Origin]) -> Vec<(Id, String)> {
    let spawned = log.pick(|event| match event {
        Event::Spawned { task, id, .. } if origins.iter().any(|origin| origin.task == Some(*id)) => {
            Some((*id, task.clone()))
        }
        _ => None,
    });
    spawned.map(|(_, task)| task).collect()
}

impl<S: Signature> Calls<S> {
    /// Those that had effects.
    pub(super) fn polled(&self) -> impl Iterator<Item = &Called<S>> {
        self.iter().filter(|call| call.polled_at.is_some())
    }
}

impl<S: Signature> Deref for Calls<S> {
    type Target = [Called<S>];

    fn deref(&self) -> &[Called<S>] {
        &self.0
    }
}

impl<S: Signature> IntoIterator for Calls<S> {
    type Item = Called<S>;
    type IntoIter = vec::IntoIter<Called<S>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a, S: Signature> IntoIterator for &'a Calls<S> {
    type Item = &'a Called<S>;
    type IntoIter = slice::Iter<'a, Called<S>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl<S: Signature> fmt::Debug for Calls<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.0).finish()
    }
}
