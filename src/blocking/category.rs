use std::fmt;
use std::str::FromStr;

use crate::Level;
use crate::os::What;

/// Tells blocking calls apart, by what they wait for.
///
/// # Examples
///
/// ```
/// use standstill::blocking::Category;
///
/// assert_eq!("files".parse(), Ok(Category::Files));
/// assert_eq!(Category::Sleeps.to_string(), "sleeps");
/// ```
// In the order in which one is named where a line makes calls of several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Category {
    /// The resolver: `to_socket_addrs` of a name, `getaddrinfo`.
    Dns,
    /// A child process: `Child::wait`, `Command::output`, `system`.
    Processes,
    /// A thread's end: `JoinHandle::join`, `thread::scope`; but not of one that ended at an earlier instant of the test's clock.
    Joins,
    /// Time: `thread::sleep`.
    Sleeps,
    /// A socket that is not non-blocking: `TcpStream::connect`, `read`, `accept`.
    Sockets,
    /// Standard input.
    Stdin,
    /// A pipe.
    Pipes,
    /// A file or folder of the local disk.
    Files,
    /// A lock that is taken, a condition variable, a channel, a barrier, a parked thread.
    Locks,
    /// The processor: a poll that computes for longer than `poll_budget`, or reads the clock over and over.
    Cpu,
}

impl Category {
    pub(crate) const ALL: [Self; 10] = [
        Self::Dns,
        Self::Processes,
        Self::Joins,
        Self::Sleeps,
        Self::Sockets,
        Self::Stdin,
        Self::Pipes,
        Self::Files,
        Self::Locks,
        Self::Cpu,
    ];

    pub(super) fn of(what: What) -> Self {
        match what {
            What::Sleep => Self::Sleeps,
            What::Socket(_) => Self::Sockets,
            What::Resolver => Self::Dns,
            What::Process => Self::Processes,
            What::Join => Self::Joins,
            What::Lock => Self::Locks,
            What::File => Self::Files,
            What::Stdin => Self::Stdin,
            What::Pipe => Self::Pipes,
            What::Spin(_) | What::Burn => Self::Cpu,
        }
    }

    /// What is held against a test unless it says otherwise: what is the same in each run denies, what is chance warns.
    pub(super) fn default_level(self) -> Level {
        match self {
            Self::Files | Self::Locks | Self::Cpu => Level::Warn,
            _ => Level::Deny,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Dns => "dns",
            Self::Processes => "processes",
            Self::Joins => "joins",
            Self::Sleeps => "sleeps",
            Self::Sockets => "sockets",
            Self::Stdin => "stdin",
            Self::Pipes => "pipes",
            Self::Files => "files",
            Self::Locks => "locks",
            Self::Cpu => "cpu",
        }
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Category {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|category| category.name() == text).ok_or_else(|| {
            let names = Self::ALL.map(Self::name).join(", ");
            format!("expected one of {names}, got {text:?}")
        })
    }
}
