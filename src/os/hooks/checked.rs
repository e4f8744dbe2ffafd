//! The names under which code that was compiled with `_FORTIFY_SOURCE` makes the same calls, with the size of its buffer. What does
//! not fit, the original refuses.

use std::ffi::{c_int, c_void};

use libc::{nfds_t, pollfd, sigset_t, size_t, sockaddr, socklen_t, ssize_t, timespec};

use super::{original, ready, receive};
use crate::os::Member;

fn fits(fds: nfds_t, size: size_t) -> bool {
    usize::try_from(fds).is_ok_and(|fds| fds <= size / size_of::<pollfd>())
}

pub(super) unsafe fn poll(member: &dyn Member, fds: *mut pollfd, count: nfds_t, timeout: c_int, size: size_t) -> c_int {
    // SAFETY: The caller's contract is the original's.
    unsafe {
        if fits(count, size) {
            ready::poll(member, fds, count, timeout)
        } else {
            original::__poll_chk(fds, count, timeout, size)
        }
    }
}

pub(super) unsafe fn ppoll(
    member: &dyn Member,
    fds: *mut pollfd,
    count: nfds_t,
    timeout: *const timespec,
    mask: *const sigset_t,
    size: size_t,
) -> c_int {
    // SAFETY: The caller's contract is the original's.
    unsafe {
        if fits(count, size) {
            ready::ppoll(member, fds, count, timeout, mask)
        } else {
            original::__ppoll_chk(fds, count, timeout, mask, size)
        }
    }
}

pub(super) unsafe fn read(
    member: &dyn Member,
    fd: c_int,
    buffer: *mut c_void,
    length: size_t,
    size: size_t,
) -> ssize_t {
    // SAFETY: The caller's contract is the original's.
    unsafe {
        if length <= size {
            receive::read(member, fd, buffer, length)
        } else {
            original::__read_chk(fd, buffer, length, size)
        }
    }
}

pub(super) unsafe fn recv(
    member: &dyn Member,
    socket: c_int,
    buffer: *mut c_void,
    length: size_t,
    size: size_t,
    flags: c_int,
) -> ssize_t {
    // SAFETY: The caller's contract is the original's.
    unsafe {
        if length <= size {
            receive::recv(member, socket, buffer, length, flags)
        } else {
            original::__recv_chk(socket, buffer, length, size, flags)
        }
    }
}

#[expect(clippy::too_many_arguments, reason = "these are libc's")]
pub(super) unsafe fn recvfrom(
    member: &dyn Member,
    socket: c_int,
    buffer: *mut c_void,
    length: size_t,
    size: size_t,
    flags: c_int,
    from: *mut sockaddr,
    from_length: *mut socklen_t,
) -> ssize_t {
    // SAFETY: The caller's contract is the original's.
    unsafe {
        if length <= size {
            receive::recvfrom(member, socket, buffer, length, flags, from, from_length)
        } else {
            original::__recvfrom_chk(socket, buffer, length, size, flags, from, from_length)
        }
    }
}
