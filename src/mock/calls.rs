use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::task::Id;

use super::kept::Compare;
use super::shown::shown;
use super::signature::Signature;
use super::state::Shared;
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
pub struct Calls<S: Signature>(Vec<Called<S>>);

/// The arguments of a call, to be compared: with a value for the one argument, or with a tuple of several.
///
/// # Panics
///
/// A comparison panics if an argument could not be kept, for it is not `Clone`.
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
}

const NOT_KEPT: &str = "the arguments cannot be compared: one of them is not `Clone` or belongs to another thread, \
                                   or the mock was told not to keep them; match it by `when` or `when_fn` instead";

impl<S: Signature> Called<S> {
    pub(super) fn is_never_polled(&self) -> bool {
        self.outcome == Outcome::NeverPolled
    }
}

impl<S: Signature> Shared<S> {
    /// The calls since the last checkpoint.
    pub(super) fn calls(&self) -> Calls<S> {
        let home = self.home();
        let events = home.events();
        let (tasks, is_virtual) = home.log(|log| (tasks(log), log.is_virtual()));
        let mut state = lock(&self.state);
        let first = state.first;
        let mut calls: Vec<_> = (1..)
            .zip(&mut state.records)
            .map(|(number, record)| Called {
                number,
                args: Args::new(record.kept.share()),
                called_at: Duration::ZERO,
                polled_at: None,
                ended_at: None,
                outcome: Outcome::InFlight,
                task: record.task.and_then(|of| tasks.iter().find(|(id, _)| *id == of)).map(|(_, name)| name.clone()),
                name: self.name,
                is_virtual,
            })
            .collect();
        for (at, number, did) in events {
            let Some(call) = number.checked_sub(first).and_then(|place| calls.get_mut(place as usize)) else {
                continue;
            };
            match did {
                Did::Call => call.called_at = at,
                Did::Poll => call.polled_at = Some(at),
                Did::Whole => (call.called_at, call.polled_at, call.ended_at) = (at, Some(at), Some(at)),
                _ => call.ended_at = Some(at),
            }
            call.outcome = match did {
                Did::Call | Did::Poll => Outcome::InFlight,
                Did::Complete | Did::Whole => Outcome::Completed,
                Did::Cancel => Outcome::Cancelled,
                Did::Vanish => Outcome::NeverPolled,
                Did::Panic if call.outcome == Outcome::Refused => Outcome::Refused,
                Did::Panic => Outcome::Panicked,
                Did::Refuse => Outcome::Refused,
            };
        }
        Calls(calls)
    }

    /// By the order of events, since instants of several may be equal.
    pub(super) fn peak_in_flight(&self) -> usize {
        let events = self.home().events();
        let first = lock(&self.state).first;
        let (mut now, mut peak) = (0_usize, 0);
        for (_, number, did) in events {
            match did {
                _ if number < first => {}
                Did::Poll => now += 1,
                Did::Complete | Did::Cancel | Did::Panic => now = now.saturating_sub(1),
                Did::Whole => peak = peak.max(now + 1),
                Did::Call | Did::Vanish | Did::Refuse => {}
            }
            peak = peak.max(now);
        }
        peak
    }
}

fn tasks(log: &Log) -> Vec<(Id, String)> {
    let spawned = log.pick(|event| match event {
        Event::Spawned { task, id, .. } => Some((*id, task.clone())),
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
