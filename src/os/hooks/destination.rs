//! Where what a member sends comes to.

use std::ffi::c_int;

use libc::socklen_t;

use super::address::Address;
use super::link::Kind;
use super::option::option;
use super::ports::Owner;
use super::{stat, unix_names};

/// Whether what a member sends to an address stays in its bubble.
pub(super) fn kind_of(end: &Address, fd: c_int, bubble: u32) -> Kind {
    let Address::Port(to) = end else { return Kind::Inside };
    let is_here = end.is_loopback() || matches!(Address::own(fd), Some(Address::Port(own)) if own.ip() == to.ip());
    let is_taken = Owner::of(to.port()).is_some_and(|owner| owner.bubble == bubble);
    if is_here && is_taken { Kind::Inside } else { Kind::Outside }
}

/// Says where a descriptor leads.
pub(super) fn kind(fd: c_int, bubble: u32) -> Kind {
    match option(fd, libc::SO_DOMAIN) {
        Some(libc::AF_INET | libc::AF_INET6) => {
            Address::peer(fd).map_or(Kind::Unknown, |peer| kind_of(&peer, fd, bubble))
        }
        Some(libc::AF_UNIX) if is_peer_elsewhere(fd) || is_stranger(fd, bubble) => Kind::Outside,
        None if stat(fd).is_some_and(|stat| stat.st_mode & libc::S_IFMT == 0) => Kind::Event,
        _ => Kind::Inside,
    }
}

/// Whether the other end of a unix socket's connection is no thread of the bubble. A datagram has no answer as a rule, such as a logger's.
fn is_stranger(fd: c_int, bubble: u32) -> bool {
    option(fd, libc::SO_TYPE) != Some(libc::SOCK_DGRAM) && unix_names::is_peer_a_stranger(fd, bubble)
}

/// Whether the other end of a unix socket belongs to another process.
fn is_peer_elsewhere(fd: c_int) -> bool {
    let mut peer = libc::ucred { pid: 0, uid: 0, gid: 0 };
    let mut length = size_of::<libc::ucred>() as socklen_t;
    // SAFETY: The option's value is a `ucred`, for which there is room.
    let failed =
        unsafe { libc::getsockopt(fd, libc::SOL_SOCKET, libc::SO_PEERCRED, (&raw mut peer).cast(), &raw mut length) };
    failed == 0 && peer.pid != 0 && peer.pid.cast_unsigned() != std::process::id()
}
