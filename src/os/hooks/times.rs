//! How long a time of C's is.

use libc::{timespec, timeval};

/// The nanoseconds of a time that libc would take.
///
/// # Safety
///
/// The time must be null or valid.
pub(in crate::os) unsafe fn valid(time: *const timespec) -> Option<u64> {
    // SAFETY: By the contract.
    let time = unsafe { time.as_ref() }?;
    (time.tv_sec >= 0 && (0..1_000_000_000).contains(&time.tv_nsec)).then(|| nanos(time))
}

/// Whether libc takes a time for none, such as one below zero; who waits for ever gives none at all.
///
/// # Safety
///
/// As for [`valid`].
pub(super) unsafe fn is_refused(time: *const timespec) -> bool {
    // SAFETY: By the contract.
    !time.is_null() && unsafe { valid(time) }.is_none()
}

/// The nanoseconds of a time; of one below zero, none.
pub(in crate::os) fn nanos(time: &timespec) -> u64 {
    let seconds = u64::try_from(time.tv_sec).unwrap_or(0);
    seconds.saturating_mul(1_000_000_000).saturating_add(u64::try_from(time.tv_nsec).unwrap_or(0))
}

/// A time of microseconds, of which there may be more than a second's. One below zero stays so, for the kernel to refuse.
pub(in crate::os) fn in_nanos(time: &timeval) -> timespec {
    timespec { tv_sec: time.tv_sec.saturating_add(time.tv_usec / 1_000_000), tv_nsec: time.tv_usec % 1_000_000 * 1000 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_without_end_is_as_long_as_can_be_and_one_below_zero_is_none() {
        let time = |seconds, micros| nanos(&in_nanos(&timeval { tv_sec: seconds, tv_usec: micros }));

        assert_eq!(time(1, 500_000), 1_500_000_000);
        assert_eq!(time(1, 2_500_000), 3_500_000_000);
        assert_eq!(time(i64::MAX, 999_999), u64::MAX);
        assert_eq!([time(-1, 0), time(0, -1)], [0, 0]);
    }
}
