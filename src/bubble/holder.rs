use std::fmt;
use std::panic::Location;

/// Who keeps the clock from moving. See [`held_by`](crate::clock::held_by).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Holder {
    /// A guard of [`clock::outside`](crate::clock::outside).
    Outside {
        /// What the guard was given to say.
        why: String,
        /// Where it was made.
        place: &'static Location<'static>,
    },
    /// A guard of [`clock::freeze`](crate::clock::freeze).
    Freeze {
        /// Where it was made.
        place: &'static Location<'static>,
    },
    /// A request to another process that has not been answered.
    Socket {
        /// This end.
        local: String,
        /// The other end.
        peer: String,
    },
    /// A thread that waits for what somebody outside the test may have: what is in a `static`, the lock of a file, or a signal.
    Static {
        /// Its name, as far as the system keeps it: fifteen letters.
        name: String,
    },
    /// A process that the test started, and that has not come to its end.
    Process {
        /// Its number.
        id: u32,
    },
    /// A thread that runs, or waits in a call that this crate does not know.
    Thread {
        /// Its name, as far as the system keeps it: fifteen letters.
        name: String,
    },
}

impl Holder {
    /// Whether it is somebody outside the test who has work to do.
    pub(crate) fn has_work_elsewhere(&self) -> bool {
        matches!(self, Self::Socket { .. } | Self::Process { .. } | Self::Static { .. })
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Outside { why, place } => write!(f, "clock::outside({why:?}) at {place}"),
            Self::Freeze { place } => write!(f, "clock::freeze at {place}"),
            Self::Socket { local, peer } => {
                write!(f, "the socket from {local} to {peer}, which has not been answered")
            }
            Self::Static { name } => write!(
                f,
                "the thread {name:?}, which waits for what is in a static, a file's lock, or a signal: another test, or a thread of none, may have it"
            ),
            Self::Process { id } => write!(f, "the process {id}, which the test has started"),
            Self::Thread { name } => {
                write!(f, "the thread {name:?}, which runs, or waits in a call that standstill does not know")
            }
        }
    }
}
