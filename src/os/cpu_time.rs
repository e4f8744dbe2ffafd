use super::hooks::{nanos, original};

/// How long a thread of this process, by its number in the kernel, has had a processor, in nanoseconds; `None` once it is gone.
pub(crate) fn cpu_time(thread: i32) -> Option<u64> {
    // As `pthread_getcpuclockid` makes it: the thread's own time, as the scheduler counts it.
    read((!thread << 3) | 6)
}

/// As [`cpu_time`], of the calling thread. A signal handler may ask.
pub(super) fn own_cpu_time() -> u64 {
    read(libc::CLOCK_THREAD_CPUTIME_ID).unwrap_or(0)
}

fn read(clock: libc::clockid_t) -> Option<u64> {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: There is room for the time; of a clock that is none, libc says so.
    let failed = unsafe { original::clock_gettime(clock, &raw mut time) } != 0;
    (!failed).then(|| nanos(&time))
}
