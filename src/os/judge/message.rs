use std::ffi::c_int;

use libc::{sockaddr, socklen_t};

use super::descriptor::socket_of;
use super::ear::Judged;
use super::{Seen, Socket, What};
use crate::os::hooks::{address_text, is_blocking, peer_text};

pub(in crate::os) unsafe fn connect(socket: c_int, address: *const sockaddr, length: socklen_t) -> Option<Judged> {
    // That of a datagram socket only notes the address.
    let name = || unsafe { address_text(address, length) };
    let kind = socket_of(socket);
    (is_blocking(socket) && !matches!(kind, Socket::Udp | Socket::UnixDatagram)).then(|| {
        let name = name();
        Box::new(move || Seen::named(What::Socket(kind), name)) as Judged
    })
}

pub(in crate::os) fn accept(socket: c_int) -> Option<Judged> {
    used(socket, 0)
}

pub(in crate::os) fn used(socket: c_int, flags: c_int) -> Option<Judged> {
    (flags & libc::MSG_DONTWAIT == 0 && is_blocking(socket))
        .then(|| Box::new(move || Seen::named(What::Socket(socket_of(socket)), peer_text(socket))) as Judged)
}
