use std::ffi::{c_int, c_uint};
use std::time::Duration;

use libc::{clockid_t, timespec, useconds_t};

use super::ear::Judged;
use super::told::until;
use super::{Seen, What};
use crate::os::hooks::valid;

pub(in crate::os) unsafe fn clock_nanosleep(
    clock: clockid_t,
    flags: c_int,
    request: *const timespec,
) -> Option<Judged> {
    // SAFETY: The caller's contract is the call's own.
    let nanos = unsafe { valid(request) }?;
    if flags & libc::TIMER_ABSTIME == 0 {
        return asleep(nanos);
    }
    asleep(until(clock, nanos)?)
}

pub(in crate::os) unsafe fn nanosleep(request: *const timespec) -> Option<Judged> {
    // SAFETY: As above.
    asleep(unsafe { valid(request) }?)
}

pub(in crate::os) fn usleep(micros: useconds_t) -> Option<Judged> {
    asleep(u64::from(micros) * 1000)
}

pub(in crate::os) fn sleep(seconds: c_uint) -> Option<Judged> {
    asleep(u64::from(seconds) * 1_000_000_000)
}

pub(super) fn asleep(nanos: u64) -> Option<Judged> {
    (nanos > 0).then(|| Box::new(move || Seen::lasting(What::Sleep, Duration::from_nanos(nanos))) as Judged)
}
