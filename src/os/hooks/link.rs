//! What is known of each file descriptor.

use std::collections::BTreeSet;
use std::ffi::c_int;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use super::clones;

/// Descriptors beyond this are not followed: what they carry does not hold the clock.
pub(super) const MOST_FDS: usize = 1 << 16;

/// For each, a `Link`. Zero: nothing is known yet.
static LINKS: [AtomicU64; MOST_FDS] = [const { AtomicU64::new(0) }; MOST_FDS];

/// Of no descriptor from this one on has anything been known.
static END: AtomicUsize = AtomicUsize::new(0);

/// What is known of a file descriptor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Link {
    pub(super) kind: Kind,
    /// Whether the other end owes an answer; of a connection that was accepted, whether this end does.
    pub(super) is_owed: bool,
    pub(super) end: End,
}

/// Where what goes through a descriptor comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Kind {
    #[default]
    Unknown,
    /// Nothing leaves the bubble.
    Inside,
    /// Somewhere else.
    Outside,
    /// Nowhere: it has no type of file, such as an eventfd, and takes what is written at once.
    Event,
}

/// Which end of what a descriptor is, and which bubble has to do with it; 0 for none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// What any bubble may ask through: `asker` did so last. It has a port if a bubble listens there.
    Own { port: u16, asker: u32 },
    /// The client's end of a connection to a port.
    Client { port: u16, asker: u32 },
    /// The server's end of such a connection, by the client's port.
    Server { client: u16, asker: u32 },
    /// The server's end of a connection to a name, which does not say who asks.
    Named { server: u32 },
    /// An end of a pipe of which a child process has the other.
    Child { process: u32, asker: u32 },
}

impl Default for End {
    fn default() -> Self {
        Self::Own { port: 0, asker: 0 }
    }
}

impl End {
    pub(super) fn is_servers(self) -> bool {
        matches!(self, Self::Server { .. } | Self::Named { .. })
    }

    /// The bubble that asks, as far as it is known; else 0.
    pub(super) fn asker(self) -> u32 {
        match self {
            Self::Own { asker, .. }
            | Self::Client { asker, .. }
            | Self::Server { asker, .. }
            | Self::Child { asker, .. } => asker,
            Self::Named { .. } => 0,
        }
    }

    /// With that bubble as the one that asks.
    pub(super) fn asked_by(self, asker: u32) -> Self {
        match self {
            Self::Own { port, .. } => Self::Own { port, asker },
            Self::Client { port, .. } => Self::Client { port, asker },
            Self::Server { client, .. } => Self::Server { client, asker },
            Self::Child { process, .. } => Self::Child { process, asker },
            Self::Named { .. } => self,
        }
    }

    /// Of 64 bits, the first three say which, the upper half is a bubble's number, and the three bytes below that are a port's, or
    /// a process', for the kernel has no more than 2^22 of those.
    fn read(bits: u64) -> Self {
        let (number, bubble) = ((bits >> 8) as u32 & 0xff_ffff, (bits >> 32) as u32);
        let port = number as u16;
        match bits & 7 {
            0 => Self::Own { port, asker: bubble },
            1 => Self::Client { port, asker: bubble },
            2 => Self::Server { client: port, asker: bubble },
            3 => Self::Named { server: bubble },
            _ => Self::Child { process: number, asker: bubble },
        }
    }

    fn bits(self) -> u64 {
        let (which, number, bubble) = match self {
            Self::Own { port, asker } => (0, port.into(), asker),
            Self::Client { port, asker } => (1, port.into(), asker),
            Self::Server { client, asker } => (2, client.into(), asker),
            Self::Named { server } => (3, 0, server),
            Self::Child { process, asker } => (4, process, asker),
        };
        which | u64::from(number) << 8 | u64::from(bubble) << 32
    }
}

impl Link {
    pub(super) fn of(fd: c_int) -> Self {
        slot(fd).map_or(Self { kind: Kind::Inside, ..Self::default() }, |link| Self::read(link.load(Ordering::Acquire)))
    }

    /// All that are known, each file once.
    pub(super) fn all() -> impl Iterator<Item = (c_int, Self)> {
        let mut seen = BTreeSet::new();
        let fds = (0..).take(END.load(Ordering::SeqCst)).filter(|fd| is_known(*fd));
        fds.filter(move |fd| seen.insert(clones::number(*fd))).map(|fd| (fd, Self::of(fd)))
    }

    /// Changes what is known, unless `change` finds nothing to change, and gives what was known before. Threads at both ends
    /// of a connection do so at the same time.
    pub(super) fn change(fd: c_int, change: impl Fn(Self) -> Option<Self>) -> Option<Self> {
        let slot = slot(fd)?;
        reach(fd);
        let changed =
            slot.try_update(Ordering::SeqCst, Ordering::SeqCst, |bits| change(Self::read(bits)).map(Self::bits));
        changed.ok().map(Self::read)
    }

    fn read(bits: u64) -> Self {
        let kind = match bits >> 3 & 3 {
            0 => Kind::Unknown,
            1 => Kind::Inside,
            2 => Kind::Outside,
            _ => Kind::Event,
        };
        Self { kind, is_owed: bits & 32 != 0, end: End::read(bits) }
    }

    fn bits(self) -> u64 {
        self.end.bits() | (self.kind as u64) << 3 | u64::from(self.is_owed) << 5
    }
}

/// Notes that something may be known of a descriptor from now on. To look at all that there could be takes long.
pub(super) fn reach(fd: c_int) {
    let end = usize::try_from(fd).map_or(0, |fd| fd + 1);
    if END.load(Ordering::Relaxed) < end {
        END.fetch_max(end, Ordering::SeqCst);
    }
}

fn slot(fd: c_int) -> Option<&'static AtomicU64> {
    clones::slot(fd).or_else(|| LINKS.get(usize::try_from(fd).ok()?))
}

/// Moves what is known of a descriptor to where its clones find it too, once `done` has said so.
pub(super) fn hand_over(fd: c_int, to: &AtomicU64, done: impl FnOnce()) {
    let Some(from) = usize::try_from(fd).ok().and_then(|fd| LINKS.get(fd)) else { return };
    to.store(from.load(Ordering::SeqCst), Ordering::SeqCst);
    done();
    from.store(0, Ordering::SeqCst);
}

/// Whether a descriptor is known to be one of those that have no type of file.
pub(in crate::os) fn is_event(fd: c_int) -> bool {
    Link::of(fd).kind == Kind::Event
}

/// Whether anything is known of a descriptor.
pub(super) fn is_known(fd: c_int) -> bool {
    slot(fd).is_some_and(|link| link.load(Ordering::Acquire) != 0)
}

/// After a fork, no answer is owed to the new process' hooks.
pub(super) fn forget_links() {
    clones::forget_all();
    forget_all(&LINKS);
}

/// Writes only where there is something, for the pages are the parent's too.
pub(super) fn forget_all(links: &[AtomicU64]) {
    for link in links.iter().filter(|link| link.load(Ordering::Relaxed) != 0) {
        link.store(0, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_at_all_goes_no_further_than_there_have_been_descriptors() {
        Link::change(700, |link| Some(Link { kind: Kind::Inside, ..link }));
        let all: Vec<_> = Link::all().map(|(fd, _)| fd).collect();
        let end = END.load(Ordering::SeqCst);
        slot(700).unwrap().store(0, Ordering::SeqCst);

        assert!(all.contains(&700));
        assert!((701..MOST_FDS).contains(&end));
    }

    #[test]
    fn a_link_is_read_as_it_was_noted() {
        let ends = [
            End::default(),
            End::Own { port: 80, asker: 1 },
            End::Client { port: u16::MAX, asker: u32::MAX },
            End::Server { client: 1, asker: 7 },
            End::Named { server: 9 },
            End::Child { process: 1 << 22, asker: u32::MAX },
        ];
        for end in ends {
            for kind in [Kind::Unknown, Kind::Inside, Kind::Outside, Kind::Event] {
                for is_owed in [false, true] {
                    let link = Link { kind, is_owed, end };
                    assert_eq!(Link::read(link.bits()), link);
                }
            }
        }
        assert_eq!(Link::default().bits(), 0);
    }
}
