//! The ports of this machine at which bubbles listen.

use std::ffi::c_int;
use std::sync::atomic::{AtomicU64, Ordering};

use super::address::Address;
use super::link::{End, Link};
use crate::os::Member;

/// For each port, its `Owner`. Zero: no bubble has it.
static PORTS: [AtomicU64; 1 << 16] = [const { AtomicU64::new(0) }; 1 << 16];

/// Whose a port of this machine is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Owner {
    pub(super) bubble: u32,
    pub(super) fd: c_int,
}

impl Owner {
    pub(super) fn of(port: u16) -> Option<Self> {
        let bits = PORTS[usize::from(port)].load(Ordering::SeqCst);
        (bits != 0).then_some(Self { bubble: (bits >> 32) as u32, fd: (bits as u32).cast_signed() })
    }

    fn save(self, port: u16) {
        let bits = u64::from(self.bubble) << 32 | u64::from(self.fd.cast_unsigned());
        PORTS[usize::from(port)].store(bits, Ordering::SeqCst);
    }
}

/// Takes a descriptor's own port for the member's bubble.
pub(super) fn take_port(member: &dyn Member, fd: c_int) {
    let Some(port) = own_port(fd) else { return };
    Link::change(fd, |link| Some(Link { end: End::Own { port, asker: link.end.asker() }, ..link }));
    let bubble = member.bubble();
    // One of another family or protocol may have the same.
    let is_own = |owner: Owner| owner.bubble == bubble && owner.fd != fd && has_port(Link::of(owner.fd), port);
    if !Owner::of(port).is_some_and(is_own) {
        Owner { bubble, fd }.save(port);
    }
}

/// Gives a port up, unless another descriptor has it too: one of another family or protocol.
pub(super) fn leave_port(owner: Owner, port: u16) {
    match Link::all().find(|(_, link)| has_port(*link, port)) {
        Some((fd, _)) => Owner { fd, ..owner }.save(port),
        // Another process may take it. If a clone listens that nobody knows of, it is taken anew when that one accepts.
        None => PORTS[usize::from(port)].store(0, Ordering::SeqCst),
    }
}

fn has_port(link: Link, wanted: u16) -> bool {
    matches!(link.end, End::Own { port, .. } if port == wanted)
}

/// The port of this end of a connection.
pub(super) fn own_port(fd: c_int) -> Option<u16> {
    Address::own(fd).and_then(|own| own.port())
}

/// The port of the other end.
pub(super) fn peer_port(fd: c_int) -> Option<u16> {
    Address::peer(fd).and_then(|peer| peer.port())
}
