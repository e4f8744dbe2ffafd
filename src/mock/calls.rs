use std::fmt;
use std::ops::Deref;
use std::{slice, vec};

use tokio::task::Id;

use super::book::Origin;
use super::called::Called;
use super::record::{History, Record};
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

impl<S: Signature> Calls<S> {
    /// The calls of a mock since the last checkpoint.
    pub(super) fn of(mock: &Shared) -> Self {
        let (records, copies) = {
            let mut state = mock.state();
            (mock.read(&mut state), state.typed::<S>().copies.share().to_vec())
        };
        let records = mock.named(records).into_iter();
        Self(records.zip(copies).map(|(record, kept)| Called::new(record.history, kept)).collect())
    }
}

/// Calls without the names of their tasks.
pub(super) struct Unnamed {
    records: Vec<Record>,
    origins: Vec<Origin>,
}

impl Shared {
    /// The calls since the last checkpoint.
    pub(super) fn records(&self) -> Vec<Record> {
        let read = self.read(&mut self.state());
        self.named(read)
    }

    /// The calls since the last checkpoint, of which it is not said yet which tasks made them: that stands in the log, whose lock comes
    /// before the mock's.
    pub(super) fn read(&self, state: &mut State) -> Unnamed {
        let is_virtual = self.home().is_virtual();
        let State { book, typed, .. } = state;
        let record = |place: usize| Record {
            history: History::new(self.name, place + 1, is_virtual),
            form: self.form,
            kept: typed.share(place),
        };
        let mut records: Vec<_> = (0..book.called()).map(record).collect();
        for (at, call, did) in book.deeds() {
            records[call].history.goes_on(at, did);
        }
        Unnamed { records, origins: book.origins.clone() }
    }

    /// Gives the calls with the names of their tasks.
    pub(super) fn named(&self, Unnamed { mut records, origins }: Unnamed) -> Vec<Record> {
        self.name_tasks(&mut records, &origins);
        records
    }

    /// Says which tasks made the calls.
    fn name_tasks(&self, records: &mut [Record], origins: &[Origin]) {
        if origins.iter().all(|origin| origin.task.is_none()) {
            return;
        }
        let names = self.home().log(|log| tasks(log, origins)).unwrap_or_default();
        // From the last origin on, each has the calls up to the next one.
        let mut rest = records;
        for origin in origins.iter().rev() {
            let (before, theirs) = rest.split_at_mut(origin.start);
            if let Some((_, name)) = names.iter().find(|(id, _)| Some(*id) == origin.task) {
                for record in theirs {
                    record.history.task = Some(name.clone());
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
