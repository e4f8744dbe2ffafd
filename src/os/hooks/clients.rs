//! Who is at the client's end of a connection inside the process.

use std::collections::BTreeMap;
use std::ffi::c_int;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

use super::address::Address;
use super::link::{End, Kind, Link};
use super::option::option;
use super::ports::{Owner, own_port};
use super::{aside, is_errno, traffic};
use crate::os::Member;

/// The ports of a connection: the client's and the server's. Two connections may share a client's port.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Pair {
    pub(super) client: u16,
    pub(super) server: u16,
}

static CLIENTS: Mutex<BTreeMap<Pair, Owner>> = Mutex::new(BTreeMap::new());

/// How many members are connecting right now, and not yet among the clients.
static CONNECTING: AtomicUsize = AtomicUsize::new(0);

fn clients() -> MutexGuard<'static, BTreeMap<Pair, Owner>> {
    CLIENTS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Begins a connection, and has the server see whose it is.
pub(super) fn introduce(member: &dyn Member, fd: c_int, to: Option<&Address>, connect: impl Fn() -> c_int) -> c_int {
    let Some(server) = to.filter(|to| to.is_loopback()).and_then(Address::port) else { return connect() };
    if aside(|| option(fd, libc::SO_TYPE)) != Some(libc::SOCK_STREAM) {
        return connect();
    }
    CONNECTING.fetch_add(1, Ordering::SeqCst);
    let result = connect();
    if result == 0 || is_errno(libc::EINPROGRESS) {
        aside(|| {
            if let Some(client) = own_port(fd) {
                let newly = |link: Link| Link {
                    kind: Kind::Unknown,
                    end: End::Client { port: client, asker: link.end.asker() },
                    ..link
                };
                Link::change(fd, |link| Some(newly(link)));
                let (pair, owner) = (Pair { client, server }, Owner { bubble: member.bubble(), fd });
                clients().insert(pair, owner);
            }
        });
    }
    CONNECTING.fetch_sub(1, Ordering::SeqCst);
    result
}

/// The client's end, if it is a bubble's, and open.
pub(super) fn of(pair: Pair) -> Option<Owner> {
    clients().get(&pair).copied()
}

/// As [`of`], for a connection so new that its client may not have told of itself.
pub(super) fn newly_of(pair: Pair) -> Option<Owner> {
    loop {
        // In this order, for who tells of itself does so before it has connected.
        let may_come = CONNECTING.load(Ordering::SeqCst) > 0;
        match of(pair) {
            None if may_come => thread::yield_now(),
            client => return client,
        }
    }
}

/// Forgets a client that is about to be closed.
pub(super) fn forget(fd: c_int, port: u16) {
    let ends = [0, u16::MAX].map(|server| Pair { client: port, server });
    let mut clients = clients();
    let pairs: Vec<_> =
        clients.range(ends[0]..=ends[1]).filter(|(_, owner)| owner.fd == fd).map(|(pair, _)| *pair).collect();
    for pair in pairs {
        clients.remove(&pair);
    }
}

/// Notes that both ends of a connection are in one bubble now.
pub(super) fn take_in(pair: Pair, client: Owner) {
    traffic::take_in(client.fd, |link| pair.is(link) && link.kind != Kind::Inside);
}

/// Notes that the server's end of a connection has left the client's bubble.
pub(super) fn leave_out(pair: Pair, client: Owner) {
    Link::change(client.fd, |link| {
        (pair.is(link) && link.kind == Kind::Inside).then_some(Link { kind: Kind::Outside, ..link })
    });
}

impl Pair {
    /// Whether a descriptor is still the client's end: it may be closed at any time, and its number given to another.
    fn is(self, link: Link) -> bool {
        matches!(link.end, End::Client { port, .. } if port == self.client)
    }
}
