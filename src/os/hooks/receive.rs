//! Calls by which bytes come.

use std::cell::Cell;
use std::ffi::{c_int, c_uint, c_void};

use libc::{iovec, mmsghdr, msghdr, off64_t, size_t, sockaddr, socklen_t, ssize_t, timespec};

use super::at_rest::{at_rest, in_full};
use super::message::{NOWHERE, Place, after, bytes_of, first_of, length_of, message_of, place};
use super::option::{acknowledge, option};
use super::send::{EVENT, gives_all, sent};
use super::traffic;
use super::turn::if_ready;
use super::way::Way;
use super::{aside, is_errno, original, timer};
use crate::os::Member;

pub(super) unsafe fn read(member: &dyn Member, fd: c_int, buffer: *mut c_void, length: size_t) -> ssize_t {
    // SAFETY: The caller's contract is the original's.
    unsafe {
        let place = place(buffer, length);
        let read = match aside(|| Way::of(fd)) {
            Way::Straight => noted(member, fd, place, original::read(fd, buffer, length)),
            Way::Socket => recv(member, fd, buffer, length, 0),
            Way::Pipe | Way::Other => {
                receive(member, fd, "read", place, || if_ready(fd, libc::POLLIN, || original::read(fd, buffer, length)))
            }
        };
        if read == EVENT.cast_signed() {
            timer::add_missed(member, fd, buffer);
        }
        read
    }
}

pub(super) unsafe fn readv(member: &dyn Member, fd: c_int, parts: *const iovec, count: c_int) -> ssize_t {
    // SAFETY: The caller's contract is the original's.
    unsafe {
        let mut message = message_of(parts, count);
        let first = first_of(&raw const message);
        match aside(|| Way::of(fd)) {
            Way::Straight => noted(member, fd, first, original::readv(fd, parts, count)),
            Way::Socket => recvmsg(member, fd, &raw mut message, 0),
            Way::Pipe | Way::Other => {
                receive(member, fd, "read", first, || if_ready(fd, libc::POLLIN, || original::readv(fd, parts, count)))
            }
        }
    }
}

pub(super) unsafe fn recv(
    member: &dyn Member,
    socket: c_int,
    buffer: *mut c_void,
    length: size_t,
    flags: c_int,
) -> ssize_t {
    // SAFETY: The caller's contract is the original's.
    unsafe { recvfrom(member, socket, buffer, length, flags, std::ptr::null_mut(), std::ptr::null_mut()) }
}

pub(super) unsafe fn recvfrom(
    member: &dyn Member,
    socket: c_int,
    buffer: *mut c_void,
    length: size_t,
    flags: c_int,
    from: *mut sockaddr,
    from_length: *mut socklen_t,
) -> ssize_t {
    // SAFETY: The caller's contract is the original's.
    unsafe {
        let part = |done| {
            let (rest, left) = (buffer.cast::<u8>().add(done).cast(), length - done);
            receive_unless_told(member, socket, place(rest, left), flags, |flags| {
                original::recvfrom(socket, rest, left, flags, from, from_length)
            })
        };
        in_full(length, || wants_all(socket, flags), part)
    }
}

pub(super) unsafe fn recvmsg(member: &dyn Member, socket: c_int, message: *mut msghdr, flags: c_int) -> ssize_t {
    // SAFETY: The caller's contract is the original's.
    unsafe {
        let part = |done| match done {
            0 => receive_unless_told(member, socket, first_of(message), flags, |flags| {
                original::recvmsg(socket, message, flags)
            }),
            done => {
                let parts = after(&*message, done);
                let rest = Cell::new(message_of(parts.as_ptr(), parts.len() as c_int));
                receive_unless_told(member, socket, first_of(rest.as_ptr()), flags, |flags| {
                    original::recvmsg(socket, rest.as_ptr(), flags)
                })
            }
        };
        in_full(length_of(message), || wants_all(socket, flags), part)
    }
}

pub(super) unsafe fn recvmmsg(
    member: &dyn Member,
    socket: c_int,
    messages: *mut mmsghdr,
    count: c_uint,
    flags: c_int,
    timeout: *mut timespec,
) -> c_int {
    // SAFETY: The caller's contract is the original's.
    let received = unsafe {
        receive_unless_told(member, socket, NOWHERE, flags, |flags| {
            original::recvmmsg(socket, messages, count, flags, timeout) as ssize_t
        })
    };
    received as c_int
}

pub(super) unsafe fn splice(
    member: &dyn Member,
    from: c_int,
    from_at: *mut off64_t,
    to: c_int,
    to_at: *mut off64_t,
    length: size_t,
    flags: c_uint,
) -> ssize_t {
    let Some(length) = room_in(member, to, length, flags) else { return -1 };
    // SAFETY: The caller's contract is the original's.
    let splice = || unsafe { original::splice(from, from_at, to, to_at, length, flags) };
    let moved = match aside(|| Way::of(from)) {
        Way::Straight => noted(member, from, NOWHERE, splice()),
        _ => receive(member, from, "splice", NOWHERE, || if_ready(from, libc::POLLIN, splice)),
    };
    sent(member, to, None, moved)
}

/// Also by its other name: offsets are of one length.
pub(super) unsafe fn sendfile(
    member: &dyn Member,
    to: c_int,
    from: c_int,
    at: *mut off64_t,
    length: size_t,
) -> ssize_t {
    let Some(length) = room_in(member, to, length, 0) else { return -1 };
    // SAFETY: The caller's contract is the original's.
    sent(member, to, None, unsafe { original::sendfile64(to, from, at, length) })
}

/// Waits until what takes a splice has room, and gives how much may be moved at once without a wait; `None` if the time is up.
fn room_in(member: &dyn Member, to: c_int, length: size_t, flags: c_uint) -> Option<size_t> {
    let most = match aside(|| Way::of(to)) {
        Way::Pipe if flags & libc::SPLICE_F_NONBLOCK == 0 => length,
        // One that is ready has room for so many, and of more it waits until all have gone.
        Way::Socket => length.min(libc::PIPE_BUF),
        _ => return Some(length),
    };
    let has_room = || if_ready(to, libc::POLLOUT, || 0);
    let waited: c_int = at_rest(member, to, libc::POLLOUT, "send", libc::SO_SNDTIMEO, has_room);
    (waited == 0).then_some(most)
}

/// As [`receive`], by a call that can be told not to wait; what was told so by its caller is left alone.
fn receive_unless_told(
    member: &dyn Member,
    socket: c_int,
    place: Place,
    flags: c_int,
    call: impl Fn(c_int) -> ssize_t,
) -> ssize_t {
    // What is cut off, a stream does not put anywhere.
    let place = if flags & libc::MSG_TRUNC == 0 { place } else { NOWHERE };
    if flags & libc::MSG_DONTWAIT != 0 {
        let received = call(flags);
        return noted(member, socket, place, received);
    }
    receive(member, socket, "recv", place, || call(flags | libc::MSG_DONTWAIT))
}

/// Receives, at rest until there is something, if the descriptor blocks.
fn receive(member: &dyn Member, fd: c_int, name: &'static str, place: Place, attempt: impl Fn() -> ssize_t) -> ssize_t {
    let received = at_rest(member, fd, libc::POLLIN, name, libc::SO_RCVTIMEO, attempt);
    noted(member, fd, place, received)
}

fn noted(member: &dyn Member, fd: c_int, place: Place, received: ssize_t) -> ssize_t {
    // An end or an error is an answer too.
    if received >= 0 || !is_errno(libc::EAGAIN) {
        let length = usize::try_from(received).ok().filter(|length| *length > 0);
        // SAFETY: The call that received so many has put them there.
        aside(|| {
            acknowledge(fd);
            traffic::received(member, fd, length.map(|length| unsafe { bytes_of(place, length) }));
        });
    }
    received
}

/// Whether who receives asked to wait until all has come.
fn wants_all(socket: c_int, flags: c_int) -> bool {
    flags & (libc::MSG_WAITALL | libc::MSG_PEEK) == libc::MSG_WAITALL
        && gives_all(socket, flags)
        && aside(|| option(socket, libc::SO_TYPE)) == Some(libc::SOCK_STREAM)
}
