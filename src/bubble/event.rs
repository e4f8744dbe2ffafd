use std::fmt;
use std::panic::Location;
use std::time::Duration;

use tokio::task::Id;

use super::{HttpDid, Nanos, Seconds};

/// One line of the log. Kept small, for a long test has millions of jumps.
pub(crate) enum Entry {
    /// The clock moved by `step` from `from`, `count` times in a row, with nothing else in between that is known.
    Jumps { from: Nanos, step: Nanos, count: u32 },
    /// A call of a mock went on.
    Call { at: Nanos, mock: u32, call: u32, did: Did },
    /// Something happened at an instant.
    Event(Nanos, Box<Event>),
}

/// Something that happened.
pub(crate) enum Event {
    Advancing {
        by: Duration,
        place: &'static Location<'static>,
    },
    Frozen {
        place: &'static Location<'static>,
    },
    Thawed,
    Held {
        why: String,
        place: &'static Location<'static>,
    },
    Released {
        why: String,
    },
    Spawned {
        task: String,
        id: Id,
        place: &'static Location<'static>,
    },
    Ended {
        task: String,
        how: How,
    },
    Panicked {
        task: String,
        message: String,
        place: String,
    },
    Tick {
        meter: u64,
    },
    /// A watched server, by its number, got or answered a request.
    #[cfg_attr(not(all(seam, feature = "http")), expect(dead_code, reason = "only then is a server watched"))]
    Http {
        server: u32,
        connection: i32,
        did: HttpDid,
    },
}

/// What a call of a mock did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Did {
    /// The future was made.
    Call,
    /// It was polled for the first time.
    Poll,
    Complete,
    /// It was made, polled and complete, all at once.
    Whole,
    /// It was dropped after a poll, before it was complete.
    Cancel,
    /// It was dropped and had never been polled.
    Vanish,
    Panic,
    /// No rule took it; its panic follows.
    Refuse,
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
        let (Self::Jumps { from: at, .. } | Self::Call { at, .. } | Self::Event(at, _)) = self;
        write!(f, "{:>12}  ", Seconds((*at).into()))?;
        match self {
            Self::Jumps { step, count, .. } => {
                let (step, end) = (Duration::from(*step), Duration::from(self.end()));
                match count {
                    1 => write!(f, "jump to {}", Seconds(end)),
                    count => write!(f, "{count} jumps of {}, to {}", Seconds(step), Seconds(end)),
                }
            }
            // Who called what is known to the log only.
            Self::Call { .. } => Ok(()),
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
            Self::Spawned { task, place, .. } => write!(f, "task {task:?} spawned at {place}"),
            Self::Ended { task, how: How::Finished } => write!(f, "task {task:?} finished"),
            Self::Ended { task, how: How::Panicked } => write!(f, "task {task:?} ended by a panic"),
            Self::Ended { task, how: How::Cancelled } => write!(f, "task {task:?} was cancelled"),
            Self::Panicked { task, message, place } => write!(f, "panic in {task} at {place}: {message}"),
            Self::Tick { meter } => write!(f, "tick of meter {meter}"),
            Self::Http { server, did, .. } => write!(f, "server {server} {did}"),
        }
    }
}

impl fmt::Display for Did {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Call => "called",
            Self::Poll => "polled",
            Self::Complete => "completed",
            Self::Whole => "called, completed",
            Self::Cancel => "cancelled",
            Self::Vanish => "dropped, never polled",
            Self::Panic => "panicked",
            Self::Refuse => "refused",
        })
    }
}

impl Entry {
    /// The instant at which the clock stood after it.
    pub(super) fn end(&self) -> Nanos {
        match self {
            Self::Jumps { from, step, count } => from.plus(step.times(*count)),
            Self::Call { at, .. } | Self::Event(at, _) => *at,
        }
    }
}
