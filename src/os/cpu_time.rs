use super::now::read;

/// How long a thread of this process, by its number in the kernel, has had a processor, in nanoseconds; `None` once it is gone.
pub(crate) fn cpu_time(thread: i32) -> Option<u64> {
    // As `pthread_getcpuclockid` makes it: the thread's own time, as the scheduler counts it.
    read((!thread << 3) | 6)
}

/// As [`cpu_time`], of the calling thread. A signal handler may ask.
pub(super) fn own_cpu_time() -> u64 {
    read(libc::CLOCK_THREAD_CPUTIME_ID).unwrap_or(0)
}
