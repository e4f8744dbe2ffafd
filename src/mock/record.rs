use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::called::Outcome;
use super::form::Form;
use super::kept_args::KeptArgs;
use super::shown::shown;
use crate::bubble::{Did, Seconds, lock};

/// One call of a mock, whatever its signature, as reports list it.
pub(super) struct Record {
    pub(super) history: History,
    pub(super) form: Form,
    pub(super) kept: Option<Arc<Mutex<dyn KeptArgs>>>,
}

/// What is known of a call, but for its arguments.
#[derive(Clone)]
pub(super) struct History {
    pub(super) name: &'static str,
    pub(super) number: usize,
    pub(super) called_at: Duration,
    pub(super) polled_at: Option<Duration>,
    pub(super) ended_at: Option<Duration>,
    pub(super) outcome: Outcome,
    pub(super) task: Option<String>,
    /// Instants of the real clock are not shown, since no two runs agree on them.
    pub(super) is_virtual: bool,
}

impl History {
    pub(super) fn new(name: &'static str, number: usize, is_virtual: bool) -> Self {
        Self {
            name,
            number,
            called_at: Duration::ZERO,
            polled_at: None,
            ended_at: None,
            outcome: Outcome::InFlight,
            task: None,
            is_virtual,
        }
    }

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

    /// Writes it in one line.
    pub(super) fn write(&self, args: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = |at: Duration| if self.is_virtual { format!(" at {}", Seconds(at)) } else { String::new() };
        write!(f, "{}. {}({args})", self.number, self.name)?;
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

impl fmt::Display for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let args = self.kept.as_ref().map_or_else(|| "..".to_owned(), |kept| shown(&self.form, &*lock(kept)));
        self.history.write(&args, f)
    }
}
