//! Calls by which bytes go.

use std::ffi::{c_int, c_long, c_uint, c_void};

use libc::{iovec, mmsghdr, msghdr, size_t, sockaddr, socklen_t, ssize_t};

use super::address::Address;
use super::at_rest::{at_rest, in_full};
use super::bell::epoll_of;
use super::link::is_event;
use super::message::{NOWHERE, Place, after, bytes_of, first_of, length_of, message_of, place};
use super::traffic;
use super::turn::if_ready;
use super::way::{Way, is_blocking};
use super::{aside, errno, original, seat, served, set_errno};
use crate::os::{Member, are_there_orphans, host};

/// The length of what is written to an eventfd, by which runtimes wake their threads, and read of a timer.
pub(super) const EVENT: size_t = 8;

pub(super) unsafe fn write(member: &dyn Member, fd: c_int, buffer: *const c_void, length: size_t) -> ssize_t {
    // SAFETY: The caller's contract is the original's.
    unsafe {
        let place = place(buffer, length);
        if length == EVENT && is_event(fd) {
            // By its number, as in `ready`: it does not wait.
            let write =
                || original::syscall(libc::SYS_write, fd.into(), buffer as c_long, EVENT as c_long, 0, 0, 0) as ssize_t;
            return ring(member, fd, write);
        }
        match aside(|| Way::of(fd)) {
            Way::Straight => {
                sending(member, fd, place);
                let write = || original::write(fd, buffer, length);
                sent(member, fd, None, if length == EVENT { ring(member, fd, write) } else { write() })
            }
            Way::Socket => send(member, fd, buffer, length, 0),
            Way::Pipe => write_to_pipe(member, fd, buffer, length),
            Way::Other => {
                send_by(member, fd, None, place, || if_ready(fd, libc::POLLOUT, || original::write(fd, buffer, length)))
            }
        }
    }
}

/// Writes what may ring for a thread that has outlived its bubble.
fn ring(member: &dyn Member, fd: c_int, write: impl Fn() -> ssize_t) -> ssize_t {
    if !are_there_orphans() {
        return write();
    }
    let (mut written, mut error) = (0, 0);
    seat::inside(|| {
        host().ring(member.bubble(), epoll_of(fd), &mut || {
            written = write();
            // SAFETY: The address is the calling thread's own.
            error = unsafe { *errno() };
        });
    });
    set_errno(error);
    written
}

pub(super) unsafe fn writev(member: &dyn Member, fd: c_int, parts: *const iovec, count: c_int) -> ssize_t {
    // SAFETY: The caller's contract is the original's.
    unsafe {
        let message = message_of(parts, count);
        let first = first_of(&raw const message);
        match aside(|| Way::of(fd)) {
            Way::Straight => {
                sending(member, fd, first);
                sent(member, fd, None, original::writev(fd, parts, count))
            }
            Way::Socket => sendmsg(member, fd, &raw const message, 0),
            // Beyond that, the parts need not stay together, so they may go one after the other.
            Way::Pipe if length_of(&raw const message) > libc::PIPE_BUF => {
                let part = |done| {
                    let rest = after(&message, done);
                    write_to_pipe(member, fd, rest[0].iov_base, rest[0].iov_len)
                };
                in_full(length_of(&raw const message), || true, part)
            }
            Way::Pipe | Way::Other => {
                send_by(member, fd, None, first, || if_ready(fd, libc::POLLOUT, || original::writev(fd, parts, count)))
            }
        }
    }
}

/// A pipe that is ready has room for so many bytes, and takes them at once; a writer that waits gives it all.
///
/// # Safety
///
/// As for `write`.
unsafe fn write_to_pipe(member: &dyn Member, fd: c_int, buffer: *const c_void, length: size_t) -> ssize_t {
    let part = |done: usize| {
        let left = (length - done).min(libc::PIPE_BUF);
        // SAFETY: By the contract; `done` is less than the length.
        send_by(member, fd, None, NOWHERE, || unsafe {
            if_ready(fd, libc::POLLOUT, || original::write(fd, buffer.cast::<u8>().add(done).cast(), left))
        })
    };
    in_full(length, || true, part)
}

pub(super) unsafe fn send(
    member: &dyn Member,
    socket: c_int,
    buffer: *const c_void,
    length: size_t,
    flags: c_int,
) -> ssize_t {
    // SAFETY: The caller's contract is the original's.
    unsafe { sendto(member, socket, buffer, length, flags, std::ptr::null(), 0) }
}

pub(super) unsafe fn sendto(
    member: &dyn Member,
    socket: c_int,
    buffer: *const c_void,
    length: size_t,
    flags: c_int,
    to: *const sockaddr,
    to_length: socklen_t,
) -> ssize_t {
    // SAFETY: The caller's contract is the original's.
    unsafe {
        let address = Address::new(to, to_length);
        let part = |done| {
            let (rest, left) = (buffer.cast::<u8>().add(done).cast(), length - done);
            send_by(member, socket, address.as_ref(), place(rest, left), || {
                original::sendto(socket, rest, left, flags | libc::MSG_DONTWAIT, to, to_length)
            })
        };
        in_full(length, || gives_all(socket, flags), part)
    }
}

pub(super) unsafe fn sendmsg(member: &dyn Member, socket: c_int, message: *const msghdr, flags: c_int) -> ssize_t {
    // SAFETY: The caller's contract is the original's.
    unsafe {
        let to = message.as_ref().and_then(|message| Address::new(message.msg_name.cast(), message.msg_namelen));
        let send = |message: *const msghdr| {
            send_by(member, socket, to.as_ref(), first_of(message), || {
                original::sendmsg(socket, message, flags | libc::MSG_DONTWAIT)
            })
        };
        let part = |done| match done {
            0 => send(message),
            done => {
                let parts = after(&*message, done);
                send(&message_of(parts.as_ptr(), parts.len() as c_int))
            }
        };
        in_full(length_of(message), || gives_all(socket, flags), part)
    }
}

pub(super) unsafe fn sendmmsg(
    member: &dyn Member,
    socket: c_int,
    messages: *mut mmsghdr,
    count: c_uint,
    flags: c_int,
) -> c_int {
    // SAFETY: The caller's contract is the original's.
    unsafe {
        let first = messages.as_ref().map(|first| first.msg_hdr);
        let to = first.and_then(|first| Address::new(first.msg_name.cast(), first.msg_namelen));
        let sent = send_by(member, socket, to.as_ref(), NOWHERE, || {
            original::sendmmsg(socket, messages, count, flags | libc::MSG_DONTWAIT) as ssize_t
        });
        sent as c_int
    }
}

fn send_by(
    member: &dyn Member,
    fd: c_int,
    to: Option<&Address>,
    place: Place,
    attempt: impl Fn() -> ssize_t,
) -> ssize_t {
    sending(member, fd, place);
    let given = at_rest(member, fd, libc::POLLOUT, "send", libc::SO_SNDTIMEO, attempt);
    sent(member, fd, to, given)
}

fn sending(member: &dyn Member, fd: c_int, place: Place) {
    // SAFETY: The call that is about to be made reads them too.
    aside(|| served::sending(member, fd, unsafe { bytes_of(place, usize::MAX) }));
}

pub(super) fn sent(member: &dyn Member, fd: c_int, to: Option<&Address>, given: ssize_t) -> ssize_t {
    if given > 0 {
        aside(|| traffic::sent_to(member, fd, to));
    }
    given
}

/// Whether who sends waits until all is on its way.
pub(super) fn gives_all(socket: c_int, flags: c_int) -> bool {
    flags & libc::MSG_DONTWAIT == 0 && aside(|| is_blocking(socket))
}
