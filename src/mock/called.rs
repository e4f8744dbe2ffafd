use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::args::Args;
use super::record::History;
use super::signature::Signature;

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
    is_virtual: bool,
}

impl<S: Signature> Called<S> {
    pub(super) fn new(history: History, kept: Option<Arc<Mutex<S::Kept>>>) -> Self {
        let History { name, number, called_at, polled_at, ended_at, outcome, task, is_virtual } = history;
        Self { number, args: Args::new(kept), called_at, polled_at, ended_at, outcome, task, name, is_virtual }
    }

    fn history(&self) -> History {
        History {
            name: self.name,
            number: self.number,
            called_at: self.called_at,
            polled_at: self.polled_at,
            ended_at: self.ended_at,
            outcome: self.outcome,
            task: self.task.clone(),
            is_virtual: self.is_virtual,
        }
    }
}

impl<S: Signature> fmt::Display for Called<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.history().write(&self.args.text(), f)
    }
}

impl<S: Signature> fmt::Debug for Called<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
