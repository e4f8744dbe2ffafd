use super::hooks::{nanos, original};

/// The real monotonic clock, in nanoseconds.
pub(crate) fn real_monotonic() -> u64 {
    read(libc::CLOCK_MONOTONIC)
}

/// The real time since 1970, in nanoseconds.
pub(crate) fn real_system() -> u64 {
    read(libc::CLOCK_REALTIME)
}

fn read(clock: libc::clockid_t) -> u64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: There is room for the time, and both clocks exist.
    unsafe { original::clock_gettime(clock, &raw mut time) };
    nanos(&time)
}
