use std::ffi::{c_int, c_uint};

use libc::{clockid_t, timespec, useconds_t};

use super::clock::{self, Kind};
use super::{aside, original, valid};
use crate::os::{Member, Wait, Woken};

pub(super) unsafe fn clock_nanosleep(
    member: &dyn Member,
    clock: clockid_t,
    flags: c_int,
    request: *const timespec,
    left: *mut timespec,
) -> c_int {
    // SAFETY: The caller's contract is the original's; what it would refuse, it refuses.
    let Some(request_nanos) = (unsafe { valid(request) }) else {
        return unsafe { original::clock_nanosleep(clock, flags, request, left) };
    };
    let now = match clock::kind(clock) {
        Kind::Monotonic => member.monotonic(),
        Kind::System => member.system(),
        // SAFETY: As above.
        Kind::Real => return unsafe { original::clock_nanosleep(clock, flags, request, left) },
    };
    let is_absolute = flags & libc::TIMER_ABSTIME != 0;
    sleep_for(member, if is_absolute { request_nanos.saturating_sub(now) } else { request_nanos });
    0
}

pub(super) unsafe fn nanosleep(member: &dyn Member, request: *const timespec, left: *mut timespec) -> c_int {
    // SAFETY: The caller's contract is the original's.
    match unsafe { valid(request) } {
        Some(nanos) => sleep_for(member, nanos),
        None => return unsafe { original::nanosleep(request, left) },
    }
    0
}

pub(super) unsafe fn usleep(member: &dyn Member, micros: useconds_t) -> c_int {
    sleep_for(member, u64::from(micros) * 1000);
    0
}

pub(super) unsafe fn sleep(member: &dyn Member, seconds: c_uint) -> c_uint {
    sleep_for(member, u64::from(seconds) * 1_000_000_000);
    0
}

fn sleep_for(member: &dyn Member, nanos: u64) {
    aside(|| {
        let deadline = member.monotonic().saturating_add(nanos);
        while member.park(&Wait::until("sleep", deadline)) != Woken::TimedOut {}
    });
}
