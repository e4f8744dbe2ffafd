use std::ffi::{c_int, c_void};

use libc::{clockid_t, time_t, timespec, timeval};

use super::{judge, original, valid};
use crate::os::Member;

const NANOS: u64 = 1_000_000_000;

/// What a clock counts.
pub(in crate::os) enum Kind {
    Monotonic,
    System,
    /// A thread's or a process' own CPU time, and what is unknown: always real.
    Real,
}

pub(in crate::os) fn kind(clock: clockid_t) -> Kind {
    match clock {
        libc::CLOCK_MONOTONIC | libc::CLOCK_MONOTONIC_RAW | libc::CLOCK_MONOTONIC_COARSE | libc::CLOCK_BOOTTIME => {
            Kind::Monotonic
        }
        libc::CLOCK_REALTIME | libc::CLOCK_REALTIME_COARSE | libc::CLOCK_TAI => Kind::System,
        _ => Kind::Real,
    }
}

#[inline]
pub(super) unsafe fn gettime(member: Option<&dyn Member>, clock: clockid_t, time: *mut timespec) -> c_int {
    let Some(member) = member else {
        // SAFETY: The caller's contract is the original's.
        let result = unsafe { original::clock_gettime(clock, time) };
        if result == 0 {
            // SAFETY: The call has put the time there.
            judge::note_told(clock, || unsafe { valid(time) });
        }
        judge::oversee_reader();
        return result;
    };
    let now = match kind(clock) {
        Kind::Monotonic if !time.is_null() => member.monotonic(),
        Kind::System if !time.is_null() => member.system(),
        // SAFETY: The caller's contract is the original's.
        _ => return unsafe { original::clock_gettime(clock, time) },
    };
    // SAFETY: The caller gave a valid place for the time.
    unsafe {
        (*time).tv_sec = (now / NANOS).cast_signed();
        (*time).tv_nsec = (now % NANOS).cast_signed();
    }
    0
}

pub(super) unsafe fn timeofday(member: &dyn Member, time: *mut timeval, zone: *mut c_void) -> c_int {
    if time.is_null() {
        // SAFETY: The caller's contract is the original's.
        return unsafe { original::gettimeofday(time, zone) };
    }
    let now = member.system();
    // SAFETY: The caller gave a valid place for the time. The zone is obsolete, and libc too leaves it alone.
    unsafe {
        (*time).tv_sec = (now / NANOS).cast_signed();
        (*time).tv_usec = (now % NANOS / 1000).cast_signed();
    }
    0
}

pub(super) unsafe fn time(member: &dyn Member, time: *mut time_t) -> time_t {
    let now = (member.system() / NANOS).cast_signed();
    if !time.is_null() {
        // SAFETY: The caller gave null or a valid place.
        unsafe { *time = now };
    }
    now
}

pub(super) unsafe fn timespec_get(member: &dyn Member, time: *mut timespec, base: c_int) -> c_int {
    // SAFETY: The caller gave a valid place for the time.
    if base == TIME_UTC && unsafe { gettime(Some(member), libc::CLOCK_REALTIME, time) } == 0 { base } else { 0 }
}

/// The only base of time that C has.
const TIME_UTC: c_int = 1;

/// The instant, on the member's monotonic clock, at which a clock shows a time: none if the clock is real, or the time none.
///
/// # Safety
///
/// The time must be null or valid.
pub(super) unsafe fn deadline(member: &dyn Member, clock: clockid_t, at: *const timespec) -> Option<u64> {
    // SAFETY: By the contract.
    let at = unsafe { valid(at) }?;
    match kind(clock) {
        Kind::Monotonic => Some(at),
        Kind::System => Some(member.monotonic().saturating_add(at.saturating_sub(member.system()))),
        Kind::Real => None,
    }
}
