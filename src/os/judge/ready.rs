use std::ffi::c_int;
use std::time::Duration;

use libc::{fd_set, nfds_t, pollfd, timespec, timeval};

use super::descriptor::what;
use super::ear::Judged;
use super::sleep::asleep;
use super::{Seen, What};
use crate::os::hooks::{in_nanos, nanos};

pub(in crate::os) unsafe fn poll(fds: *mut pollfd, count: nfds_t, timeout: c_int) -> Option<Judged> {
    let timeout = u64::try_from(timeout).ok().map(|millis| millis * 1_000_000);
    // SAFETY: The caller's contract is the call's own, here and below.
    unsafe { asked(fds, count, timeout) }
}

pub(in crate::os) unsafe fn ppoll(fds: *mut pollfd, count: nfds_t, timeout: *const timespec) -> Option<Judged> {
    // SAFETY: As above.
    unsafe { asked(fds, count, timeout.as_ref().map(nanos)) }
}

pub(in crate::os) unsafe fn select(
    count: c_int,
    read: *mut fd_set,
    write: *mut fd_set,
    timeout: *mut timeval,
) -> Option<Judged> {
    // SAFETY: As above.
    unsafe { selected(count, [read, write], timeout.as_ref().map(in_nanos).as_ref().map(nanos)) }
}

pub(in crate::os) unsafe fn pselect(
    count: c_int,
    read: *mut fd_set,
    write: *mut fd_set,
    timeout: *const timespec,
) -> Option<Judged> {
    // SAFETY: As above.
    unsafe { selected(count, [read, write], timeout.as_ref().map(nanos)) }
}

/// # Safety
///
/// There must be so many descriptors.
unsafe fn asked(fds: *mut pollfd, count: nfds_t, timeout: Option<u64>) -> Option<Judged> {
    let fds = if fds.is_null() {
        &[]
    } else {
        // SAFETY: By the contract.
        unsafe { std::slice::from_raw_parts(fds, usize::try_from(count).unwrap_or(0)) }
    };
    waits(fds.iter().map(|fd| fd.fd).find(|fd| *fd >= 0), timeout)
}

/// # Safety
///
/// The sets must be null or valid.
unsafe fn selected(count: c_int, sets: [*mut fd_set; 2], timeout: Option<u64>) -> Option<Judged> {
    let mut asked = sets.into_iter().filter(|set| !set.is_null());
    let count = c_int::try_from(libc::FD_SETSIZE).map_or(count, |most| count.min(most));
    // SAFETY: By the contract, and each number is below the size of a set.
    let first = asked.find_map(|set| (0..count).find(|fd| unsafe { libc::FD_ISSET(*fd, set) }));
    waits(first, timeout)
}

fn waits(first: Option<c_int>, timeout: Option<u64>) -> Option<Judged> {
    let what = match (first, timeout) {
        (_, Some(0)) => return None,
        (None, Some(nanos)) => return asleep(nanos),
        (None, None) => What::Lock,
        (Some(fd), _) => what(fd).filter(|what| *what != What::File).unwrap_or(What::Pipe),
    };
    Some(Box::new(move || match timeout {
        Some(nanos) => Seen::lasting(what, Duration::from_nanos(nanos)),
        None => Seen::new(what),
    }))
}
