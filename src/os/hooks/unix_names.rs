//! The names at which unix sockets listen, and whose they are.
//!
//! Its name is all that a client can tell of a server, and a server of its clients that they have asked for it.

use std::collections::BTreeMap;
use std::ffi::c_int;
use std::sync::atomic::{Ordering, fence};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::address::Address;
use super::link::{End, Kind, Link};
use super::traffic;
use crate::os::Member;

/// The bubble that listens, or listened last, at each name, for as long as it lives.
static NAMES: Mutex<BTreeMap<Vec<u8>, u32>> = Mutex::new(BTreeMap::new());

fn names() -> MutexGuard<'static, BTreeMap<Vec<u8>, u32>> {
    NAMES.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Takes a descriptor's own name, if it has one, for the member's bubble.
pub(super) fn take(member: &dyn Member, fd: c_int) {
    if let Some(name) = Address::own(fd).and_then(Address::name) {
        names().insert(name, member.bubble());
    }
}

/// Forgets the names of a bubble that has come to its end.
pub(crate) fn forget_names(bubble: u32) {
    names().retain(|_, of| *of != bubble);
}

/// Whether the other end of a socket is at a name that is not the bubble's.
pub(super) fn is_peer_a_stranger(fd: c_int, bubble: u32) -> bool {
    let peer = Address::peer(fd).and_then(Address::name);
    peer.is_some_and(|name| names().get(&name) != Some(&bubble))
}

/// Notes that a connection was accepted.
pub(super) fn accepted(member: &dyn Member, listener: c_int, fd: c_int) {
    if Address::own(listener).and_then(Address::name).is_some() {
        serve(member, listener);
        let link = Link { kind: Kind::Inside, end: End::Named { server: member.bubble() }, ..Link::default() };
        Link::change(fd, |_| Some(link));
    }
}

/// Has a thread that serves at a name, and has outlived its bubble, go over to one that asks there. What clients ask of their own bubble
/// does not leave it.
pub(super) fn serve(member: &dyn Member, fd: c_int) {
    let Some(name) = Address::own(fd).and_then(Address::name) else { return };
    let is_taken = |bubble| bubble != 0 && names().get(&name) == Some(&bubble);
    if is_taken(member.bubble()) {
        return;
    }
    let ask = |(fd, link): &(c_int, Link)| {
        link.kind == Kind::Outside && Address::peer(*fd).and_then(Address::name).as_ref() == Some(&name)
    };
    if member.bubble() == 0 && !Link::all().filter(ask).any(|(_, link)| member.follow(link.end.asker())) {
        return;
    }
    take(member, fd);
    // As in `traffic::connected`.
    fence(Ordering::SeqCst);
    let bubble = member.bubble();
    for (client, _) in Link::all().filter(ask) {
        traffic::take_in(client, |link| link.kind == Kind::Outside && link.end.asker() == bubble);
    }
}

#[cfg(test)]
mod tests {
    use std::os::linux::net::SocketAddrExt as _;
    use std::os::unix::net::{SocketAddr, UnixListener};

    use super::*;
    use crate::os;

    #[test]
    fn a_name_is_forgotten_with_its_bubble() {
        let text = format!("standstill-forgotten-{}", std::process::id());
        let is_known = || os::inside(|| names().contains_key(format!("\0{text}").as_bytes()));

        crate::run(async || {
            let _listener = UnixListener::bind_addr(&SocketAddr::from_abstract_name(&text).unwrap()).unwrap();
            assert!(is_known());
        });
        assert!(!is_known());
    }
}
