use std::fmt;
use std::time::Duration;

use super::args::Args;
use super::signature::Signature;
use crate::bubble::{Did, Seconds};

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
    pub(super) name: &'static str,
    /// Instants of the real clock are not shown, since no two runs agree on them.
    pub(super) is_virtual: bool,
}

impl<S: Signature> Called<S> {
    pub(super) fn goes_on(&mut self, at: Duration, did: Did) {
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
