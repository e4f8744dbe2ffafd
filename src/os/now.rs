use super::hooks::{nanos, original};

/// The real monotonic clock, in nanoseconds.
pub(crate) fn real_monotonic() -> u64 {
    read(libc::CLOCK_MONOTONIC).unwrap_or(0)
}

/// The real time since 1970, in nanoseconds.
pub(crate) fn real_system() -> u64 {
    read(libc::CLOCK_REALTIME).unwrap_or(0)
}

/// What a clock shows, in nanoseconds; `None` if there is no such clock.
pub(super) fn read(clock: libc::clockid_t) -> Option<u64> {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: There is room for the time; of a clock that is none, libc says so.
    let failed = unsafe { original::clock_gettime(clock, &raw mut time) } != 0;
    (!failed).then(|| nanos(&time))
}
