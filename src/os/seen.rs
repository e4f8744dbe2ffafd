use std::time::Duration;

/// A call that blocks.
#[cfg(seam)]
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) what: What,
    pub(crate) detail: Detail,
}

/// What a blocking call waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(not(seam), expect(dead_code, reason = "only the seam sees calls"))]
pub(crate) enum What {
    Sleep,
    Socket(Socket),
    Resolver,
    Process,
    Join,
    /// A lock, or whoever wakes what waits on a condition.
    Lock,
    File,
    Stdin,
    Pipe,
    /// A clock, which it reads over and over.
    Spin(Clock),
    /// Nothing: it computes.
    Burn,
}

/// What a clock tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(not(any(seam, test)), expect(dead_code, reason = "only the seam sees calls"))]
pub(crate) enum Clock {
    Monotonic,
    /// The date.
    System,
}

/// What a socket is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(not(any(seam, test)), expect(dead_code, reason = "only the seam sees calls"))]
pub(crate) enum Socket {
    Tcp,
    Udp,
    UnixStream,
    UnixDatagram,
    Other,
}

/// What is known of it, where it says something.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(not(seam), expect(dead_code, reason = "only the seam sees calls"))]
pub(crate) enum Detail {
    Nothing,
    For(Duration),
    /// A path, an address, a host's name.
    Named(String),
    /// CPU time, in one poll; which one of its task's, where that is counted.
    Burned {
        time: Duration,
        poll: Option<u64>,
    },
}

/// What the code around a call says of blocking.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Scope {
    #[default]
    Open,
    /// It is allowed, and why.
    Allow(&'static str),
    Deny,
}

#[cfg(seam)]
impl Seen {
    pub(super) fn new(what: What) -> Self {
        Self { what, detail: Detail::Nothing }
    }

    pub(super) fn lasting(what: What, time: Duration) -> Self {
        Self { what, detail: Detail::For(time) }
    }

    pub(super) fn named(what: What, name: Option<String>) -> Self {
        Self { what, detail: name.map_or(Detail::Nothing, Detail::Named) }
    }
}
