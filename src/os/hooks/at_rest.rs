//! How a call that would wait in the kernel is made piece by piece, by attempts between which the member is at rest.

use std::ffi::{c_int, c_short};

use libc::ssize_t;

use super::limit::time_limit;
use super::way::is_blocking;
use super::{aside, errno, is_errno, set_errno};
use crate::os::{Fd, Member, Wait, Woken};

/// Repeats a call that does not wait until it has something to say, if the descriptor is one that waits.
pub(super) fn at_rest<T: Copy + PartialOrd + From<i8>>(
    member: &dyn Member,
    fd: c_int,
    events: c_short,
    call: &'static str,
    limit: c_int,
    attempt: impl Fn() -> T,
) -> T {
    let zero = T::from(0);
    // SAFETY: The address is the calling thread's own.
    let before = unsafe { *errno() };
    let mut done = attempt();
    if done >= zero || !is_errno(libc::EAGAIN) || !aside(|| is_blocking(fd)) {
        return done;
    }
    let deadline = aside(|| time_limit(fd, limit).map(|most| member.monotonic().saturating_add(most)));
    let fds = &[Fd { number: fd, events }];
    while done < zero && is_errno(libc::EAGAIN) {
        let woken = aside(|| member.park(&Wait { call, fds, deadline, ..Wait::default() }));
        done = attempt();
        if woken == Woken::TimedOut {
            break;
        }
    }
    if done >= zero {
        set_errno(before);
    }
    done
}

/// Repeats a call, which is told how much is done, until all is done or it should not go on.
pub(super) fn in_full(length: usize, goes_on: impl Fn() -> bool, part: impl Fn(usize) -> ssize_t) -> ssize_t {
    let mut done = 0;
    loop {
        match part(done) {
            more @ 1.. => done += more.cast_unsigned(),
            end if done == 0 => return end,
            _ => return done.cast_signed(),
        }
        if done >= length || !goes_on() {
            return done.cast_signed();
        }
    }
}
