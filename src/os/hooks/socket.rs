use std::ffi::{c_int, c_uint};
use std::sync::atomic::AtomicU32;

use libc::{FILE, sockaddr, socklen_t};

use super::address::Address;
use super::at_rest::at_rest;
use super::limit::time_limit;
use super::link::MOST_FDS;
use super::lock::until_had;
use super::option::option;
use super::ports::take_port;
use super::turn::if_ready;
use super::way::is_blocking;
use super::{aside, clients, clones, errno, file_lock, is_errno, original, served, set_errno, traffic, unix_names};
use crate::os::{Fd, Member, Wait, Woken, have_all_look, is_ready};

pub(super) unsafe fn connect(member: &dyn Member, socket: c_int, address: *const sockaddr, length: socklen_t) -> c_int {
    // SAFETY: The caller's contract is the original's.
    unsafe {
        let to = Address::new(address, length);
        if aside(|| is_blocking(socket)) {
            return connect_at_rest(member, socket, address, length);
        }
        let result = clients::introduce(member, socket, to.as_ref(), || original::connect(socket, address, length));
        begun(member, socket, to.as_ref(), result);
        result
    }
}

/// Notes where a socket leads that is connected now, or soon.
fn begun(member: &dyn Member, socket: c_int, to: Option<&Address>, result: c_int) {
    if result == 0 || is_errno(libc::EINPROGRESS) {
        aside(|| traffic::connected(member, socket, to));
    }
}

/// A blocking connect whose wait is a member's: the socket does not block meanwhile.
///
/// # Safety
///
/// As for `connect`.
unsafe fn connect_at_rest(member: &dyn Member, socket: c_int, address: *const sockaddr, length: socklen_t) -> c_int {
    // SAFETY: By the contract; the flags are put back before anyone else can see them on this thread.
    unsafe {
        let before = *errno();
        let flags = original::fcntl(socket, libc::F_GETFL, 0);
        original::fcntl(socket, libc::F_SETFL, (flags | libc::O_NONBLOCK).into());
        let to = Address::new(address, length);
        let mut result = clients::introduce(member, socket, to.as_ref(), || original::connect(socket, address, length));
        if result != 0 && is_errno(libc::EAGAIN) {
            result = connect_when_accepted(member, socket, address, length);
        }
        begun(member, socket, to.as_ref(), result);
        if result != 0 && is_errno(libc::EINPROGRESS) {
            let deadline = time_limit(socket, libc::SO_SNDTIMEO).map(|most| member.monotonic().saturating_add(most));
            let writable = Fd { number: socket, events: libc::POLLOUT };
            let mut is_late = false;
            while !is_ready(writable) && !is_late {
                let woken =
                    aside(|| member.park(&Wait { call: "connect", fds: &[writable], deadline, ..Wait::default() }));
                is_late = woken == Woken::TimedOut;
            }
            let error = if is_late { libc::EINPROGRESS } else { option(socket, libc::SO_ERROR).unwrap_or(0) };
            if error != 0 && !is_late {
                aside(|| traffic::forgive(socket));
            }
            result = if error == 0 { 0 } else { -1 };
            set_errno(error);
        }
        if result == 0 {
            set_errno(before);
        }
        aside(|| original::fcntl(socket, libc::F_SETFL, flags.into()));
        result
    }
}

/// Where those wait whose unix socket has no room in the listener's backlog.
static BACKLOG: AtomicU32 = AtomicU32::new(0);

/// As [`connect_at_rest`], to a unix socket with a full backlog.
///
/// # Safety
///
/// As for `connect`.
unsafe fn connect_when_accepted(
    member: &dyn Member,
    socket: c_int,
    address: *const sockaddr,
    length: socklen_t,
) -> c_int {
    let attempt = || {
        // SAFETY: By the contract.
        let failed = unsafe { original::connect(socket, address, length) } != 0;
        match () {
            () if !failed => 0,
            () if is_errno(libc::EAGAIN) => libc::EBUSY,
            // SAFETY: The address is the calling thread's own.
            () => unsafe { *errno() },
        }
    };
    let deadline = time_limit(socket, libc::SO_SNDTIMEO).map(|most| member.monotonic().saturating_add(most));
    match until_had(member, "connect", BACKLOG.as_ptr() as usize, deadline, attempt) {
        0 => 0,
        error => {
            set_errno(if error == libc::ETIMEDOUT { libc::EAGAIN } else { error });
            -1
        }
    }
}

pub(super) unsafe fn accept(
    member: Option<&dyn Member>,
    socket: c_int,
    address: *mut sockaddr,
    length: *mut socklen_t,
) -> c_int {
    // SAFETY: The caller's contract is the original's.
    accept_by(member, socket, || unsafe { original::accept(socket, address, length) })
}

pub(super) unsafe fn accept4(
    member: Option<&dyn Member>,
    socket: c_int,
    address: *mut sockaddr,
    length: *mut socklen_t,
    flags: c_int,
) -> c_int {
    // SAFETY: The caller's contract is the original's.
    accept_by(member, socket, || unsafe { original::accept4(socket, address, length, flags) })
}

fn accept_by(member: Option<&dyn Member>, socket: c_int, accept: impl Fn() -> c_int) -> c_int {
    let accepted = match member {
        Some(member) => {
            let attempt = || if_ready(socket, libc::POLLIN, &accept);
            let accepted = at_rest(member, socket, libc::POLLIN, "accept", libc::SO_RCVTIMEO, attempt);
            if accepted >= 0 {
                aside(|| served::accepted(member, socket, accepted));
            }
            accepted
        }
        None => accept(),
    };
    have_all_look(BACKLOG.as_ptr() as usize);
    accepted
}

pub(super) unsafe fn bind(member: &dyn Member, socket: c_int, address: *const sockaddr, length: socklen_t) -> c_int {
    // SAFETY: The caller's contract is the original's.
    let result = unsafe { original::bind(socket, address, length) };
    if result == 0 {
        aside(|| {
            if option(socket, libc::SO_TYPE) == Some(libc::SOCK_DGRAM) {
                take_port(member, socket);
            }
        });
    }
    result
}

/// So many std lets wait in a listener's line. Who lets no fewer wait means to turn nobody away.
const USUAL_BACKLOG: c_int = 128;

pub(super) unsafe fn listen(member: &dyn Member, socket: c_int, backlog: c_int) -> c_int {
    // Where the line is full, the kernel tries anew after a second, of real time; at a unix socket the client is told at once.
    let is_longer = backlog >= USUAL_BACKLOG && aside(|| option(socket, libc::SO_DOMAIN)) != Some(libc::AF_UNIX);
    let backlog = if is_longer { c_int::MAX } else { backlog };
    // SAFETY: The caller's contract is the original's.
    let result = unsafe { original::listen(socket, backlog) };
    if result == 0 {
        aside(|| {
            take_port(member, socket);
            unix_names::take(member, socket);
        });
    }
    result
}

pub(super) unsafe fn fclose(member: Option<&dyn Member>, stream: *mut FILE) -> c_int {
    // SAFETY: The caller's contract is the original's.
    let fd = aside(|| unsafe { libc::fileno(stream) });
    if fd >= 0 {
        clones::given_up(member, fd);
    }
    // SAFETY: As above.
    let result = unsafe { original::fclose(stream) };
    file_lock::released();
    result
}

pub(super) unsafe fn close_range(member: Option<&dyn Member>, first: c_uint, last: c_uint, flags: c_int) -> c_int {
    if flags.cast_unsigned() & libc::CLOSE_RANGE_CLOEXEC == 0 {
        let known = first as usize..(last as usize).saturating_add(1).min(MOST_FDS);
        known.for_each(|fd| clones::given_up(member, fd as c_int));
    }
    // SAFETY: The call takes no pointers.
    let result = unsafe { original::close_range(first, last, flags) };
    file_lock::released();
    result
}

pub(super) unsafe fn close(member: Option<&dyn Member>, fd: c_int) -> c_int {
    clones::given_up(member, fd);
    // SAFETY: The caller's contract is the original's.
    let result = unsafe { original::close(fd) };
    file_lock::released();
    result
}
