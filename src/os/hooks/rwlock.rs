use std::ffi::c_int;

use libc::{clockid_t, pthread_rwlock_t, timespec};

use super::lock::until_had;
use super::{clock, original};
use crate::os::{Member, wake};

pub(super) unsafe fn read(member: &dyn Member, rwlock: *mut pthread_rwlock_t) -> c_int {
    // SAFETY: The caller's contract is the original's.
    unsafe { read_until(member, rwlock, None) }
}

pub(super) unsafe fn timedread(member: &dyn Member, rwlock: *mut pthread_rwlock_t, at: *const timespec) -> c_int {
    // SAFETY: The caller's contract is the original's.
    unsafe {
        match clock::deadline(member, libc::CLOCK_REALTIME, at) {
            None => original::pthread_rwlock_timedrdlock(rwlock, at),
            deadline => read_until(member, rwlock, deadline),
        }
    }
}

pub(super) unsafe fn clockread(
    member: &dyn Member,
    rwlock: *mut pthread_rwlock_t,
    clock: clockid_t,
    at: *const timespec,
) -> c_int {
    // SAFETY: The caller's contract is the original's.
    unsafe {
        match clock::deadline(member, clock, at) {
            None => original::pthread_rwlock_clockrdlock(rwlock, clock, at),
            deadline => read_until(member, rwlock, deadline),
        }
    }
}

pub(super) unsafe fn write(member: &dyn Member, rwlock: *mut pthread_rwlock_t) -> c_int {
    // SAFETY: The caller's contract is the original's.
    unsafe { write_until(member, rwlock, None) }
}

pub(super) unsafe fn timedwrite(member: &dyn Member, rwlock: *mut pthread_rwlock_t, at: *const timespec) -> c_int {
    // SAFETY: The caller's contract is the original's.
    unsafe {
        match clock::deadline(member, libc::CLOCK_REALTIME, at) {
            None => original::pthread_rwlock_timedwrlock(rwlock, at),
            deadline => write_until(member, rwlock, deadline),
        }
    }
}

pub(super) unsafe fn clockwrite(
    member: &dyn Member,
    rwlock: *mut pthread_rwlock_t,
    clock: clockid_t,
    at: *const timespec,
) -> c_int {
    // SAFETY: The caller's contract is the original's.
    unsafe {
        match clock::deadline(member, clock, at) {
            None => original::pthread_rwlock_clockwrlock(rwlock, clock, at),
            deadline => write_until(member, rwlock, deadline),
        }
    }
}

/// # Safety
///
/// As for `pthread_rwlock_rdlock`.
unsafe fn read_until(member: &dyn Member, rwlock: *mut pthread_rwlock_t, deadline: Option<u64>) -> c_int {
    // SAFETY: By the contract.
    let attempt = || unsafe { libc::pthread_rwlock_tryrdlock(rwlock) };
    until_had(member, "pthread_rwlock_rdlock", rwlock as usize, deadline, attempt)
}

/// # Safety
///
/// As for `pthread_rwlock_wrlock`.
unsafe fn write_until(member: &dyn Member, rwlock: *mut pthread_rwlock_t, deadline: Option<u64>) -> c_int {
    // SAFETY: By the contract.
    let attempt = || unsafe { libc::pthread_rwlock_trywrlock(rwlock) };
    until_had(member, "pthread_rwlock_wrlock", rwlock as usize, deadline, attempt)
}

pub(super) unsafe fn unlock(_: Option<&dyn Member>, rwlock: *mut pthread_rwlock_t) -> c_int {
    // SAFETY: The caller's contract is the original's.
    let error = unsafe { original::pthread_rwlock_unlock(rwlock) };
    // Readers may all go on; who still cannot lies down again.
    wake(rwlock as usize, usize::MAX);
    error
}
