use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use std::{slice, vec};

use tokio::task::Id;

use super::book::Origin;
use super::difference::difference;
use super::kept::{Compare, Differ};
use super::shown::{Shown, name_of, shown};
use super::signature::Signature;
use super::state::{Shared, State};
use crate::bubble::{Did, Event, Log, Seconds, lock};

/// What became of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Its future is alive.
    InFlight,
    /// It gave its answer.
    Completed,
    /// Its future was dropped after a poll, before it had an answer.
    Cancelled,
    /// Its future was dropped and had never been polled.
    NeverPolled,
    /// Its answer panicked. Counts as cancelled.
    Panicked,
    /// No rule took it, which failed the test. Counts as cancelled.
    Refused,
}

/// One call of a mock.
///
/// Its instants count from the start of the bubble; outside a bubble, from the mock's first call.
pub struct Called<S: Signature> {
    /// Among all calls of the mock, from one.
    pub number: usize,
    /// Its arguments.
    pub args: Args<S>,
    /// When its future was made.
    pub called_at: Duration,
    /// When it was first polled, if it was.
    pub polled_at: Option<Duration>,
    /// When it came to its end, if it did.
    pub ended_at: Option<Duration>,
    /// What became of it.
    pub outcome: Outcome,
    /// The name of the task that made it, if it is one of [`task::spawn`](crate::task::spawn()).
    pub task: Option<String>,
    name: &'static str,
    /// Instants of the real clock are not shown, since no two runs agree on them.
    is_virtual: bool,
}

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

/// The arguments of a call, to be compared: with a value for the one argument, or with a tuple of several.
///
/// # Panics
///
/// A comparison panics if an argument could not be kept: it is not `Clone`, or borrows and is not `Debug`.
pub struct Args<S: Signature> {
    kept: Option<Arc<Mutex<S::Kept>>>,
}

impl<S: Signature> Args<S> {
    pub(super) fn new(kept: Option<Arc<Mutex<S::Kept>>>) -> Self {
        Self { kept }
    }

    fn compare<E>(&self, expected: &E) -> Option<bool>
    where
        S::Kept: Compare<E>,
    {
        lock(self.kept.as_ref()?).compare(expected)
    }

    /// Says in what they differ from what is expected: a text for each argument that does.
    pub(super) fn differences<E>(&self, expected: &E) -> Vec<String>
    where
        S::Kept: Differ<E>,
    {
        let Some(kept) = &self.kept else { return Vec::new() };
        let kept = lock(kept);
        let differ = kept.differ(expected).into_iter();
        differ
            .map(|(place, expected)| {
                difference(&name_of::<S>(place), &format!("{expected:#?}"), &format!("{:#}", Shown(&*kept, place)))
            })
            .collect()
    }

    pub(super) fn text(&self) -> String {
        self.kept.as_ref().map_or_else(|| "..".to_owned(), |kept| shown::<S>(&lock(kept)))
    }
}

impl<S: Signature, E> PartialEq<E> for Args<S>
where
    S::Kept: Compare<E>,
{
    #[track_caller]
    fn eq(&self, expected: &E) -> bool {
        match self.compare(expected) {
            Some(is_equal) => is_equal,
            None => panic!("{NOT_KEPT}"),
        }
    }

    #[expect(
        clippy::partialeq_ne_impl,
        reason = "the provided one would name a line of the standard library in its panic"
    )]
    #[track_caller]
    fn ne(&self, expected: &E) -> bool {
        !self.eq(expected)
    }
}

const NOT_KEPT: &str = "the arguments cannot be compared: one of them is not `Clone`, or borrows and is not `Debug`, or belongs to another \
                        thread, or the mock was told not to keep them; match it by `when` or `when_fn` instead";

impl<S: Signature> Called<S> {
    fn goes_on(&mut self, at: Duration, did: Did) {
        match did {
            Did::Call => self.called_at = at,
            Did::Poll => self.polled_at = Some(at),
            Did::Whole => (self.called_at, self.polled_at, self.ended_at) = (at, Some(at), Some(at)),
            _ => self.ended_at = Some(at),
        }
        self.outcome = match did {
            Did::Call | Did::Poll => Outcome::InFlight,
            Did::Complete | Did::Whole => Outcome::Completed,
            Did::Cancel => Outcome::Cancelled,
            Did::Vanish => Outcome::NeverPolled,
            Did::Panic => Outcome::Panicked,
            Did::Refuse => Outcome::Refused,
        };
    }

    pub(super) fn is_never_polled(&self) -> bool {
        self.outcome == Outcome::NeverPolled
    }

    pub(super) fn is_held_unpolled(&self) -> bool {
        self.outcome == Outcome::InFlight && self.polled_at.is_none()
    }
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

impl<S: Signature> fmt::Display for Called<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = |at: Duration| if self.is_virtual { format!(" at {}", Seconds(at)) } else { String::new() };
        write!(f, "{}. {}({})", self.number, self.name, self.args.text())?;
        if let Some(task) = &self.task {
            write!(f, " by task {task:?}")?;
        }
        write!(f, ": called{}", at(self.called_at))?;
        if let Some(polled) = self.polled_at.filter(|polled| *polled != self.called_at) {
            write!(f, ", polled{}", at(polled))?;
        }
        let ended = self.ended_at.map(at).unwrap_or_default();
        match (self.outcome, self.polled_at) {
            (Outcome::InFlight, Some(_)) => f.write_str(", in flight"),
            (Outcome::InFlight, None) => f.write_str(", not polled so far"),
            (Outcome::Completed, _) => write!(f, ", completed{ended}"),
            (Outcome::Cancelled, _) => write!(f, ", cancelled{ended}"),
            (Outcome::NeverPolled, _) => write!(f, ", dropped{ended}, never polled"),
            (Outcome::Refused, _) => write!(f, ", refused{ended}"),
            (Outcome::Panicked, _) => write!(f, ", panicked{ended}"),
        }
    }
}

impl<S: Signature> fmt::Debug for Called<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<S: Signature> fmt::Debug for Calls<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.0).finish()
    }
}

impl<S: Signature> fmt::Debug for Args<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({})", self.text())
    }
}
