use std::fmt;
use std::panic::Location;
use std::time::Duration;

use super::{Nanos, Seconds};

/// One line of the log. Kept small, for a long test has millions of jumps.
pub(crate) enum Entry {
    /// The clock moved by `step` from `from`, `count` times in a row, with nothing else in between that is known.
    Jumps { from: Nanos, step: Nanos, count: u32 },
    /// Something happened at an instant.
    Event(Nanos, Box<Event>),
}

/// Something that happened.
pub(crate) enum Event {
    Advancing { by: Duration, place: &'static Location<'static> },
    Frozen { place: &'static Location<'static> },
    Thawed,
    Held { why: String, place: &'static Location<'static> },
    Released { why: String },
    Spawned { task: String, place: &'static Location<'static> },
    Ended { task: String, how: How },
    Panicked { task: String, message: String, place: String },
    Tick { meter: u64 },
}

/// How a task came to its end.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum How {
    Finished,
    Panicked,
    Cancelled,
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Jumps { from: at, .. } | Self::Event(at, _)) = self;
        write!(f, "{:>12}  ", Seconds((*at).into()))?;
        match self {
            Self::Jumps { step, count, .. } => {
                let (step, end) = (Duration::from(*step), Duration::from(self.end()));
                match count {
                    1 => write!(f, "jump to {}", Seconds(end)),
                    count => write!(f, "{count} jumps of {}, to {}", Seconds(step), Seconds(end)),
                }
            }
            Self::Event(_, event) => event.fmt(f),
        }
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Advancing { by, place } => write!(f, "clock::advance by {} at {place}", Seconds(*by)),
            Self::Frozen { place } => write!(f, "clock::freeze at {place}"),
            Self::Thawed => write!(f, "the clock is thawed"),
            Self::Held { why, place } => write!(f, "clock::outside({why:?}) at {place}"),
            Self::Released { why } => write!(f, "outside({why:?}) is over"),
            Self::Spawned { task, place } => write!(f, "task {task:?} spawned at {place}"),
            Self::Ended { task, how: How::Finished } => write!(f, "task {task:?} finished"),
            Self::Ended { task, how: How::Panicked } => write!(f, "task {task:?} ended by a panic"),
            Self::Ended { task, how: How::Cancelled } => write!(f, "task {task:?} was cancelled"),
            Self::Panicked { task, message, place } => write!(f, "panic in {task} at {place}: {message}"),
            Self::Tick { meter } => write!(f, "tick of meter {meter}"),
        }
    }
}

impl Entry {
    /// The instant at which the clock stood after it.
    pub(super) fn end(&self) -> Nanos {
        match self {
            Self::Jumps { from, step, count } => from.plus(step.times(*count)),
            Self::Event(at, _) => *at,
        }
    }
}
