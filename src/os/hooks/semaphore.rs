use std::ffi::c_int;

use libc::{clockid_t, sem_t, timespec};

use super::lock::until_had;
use super::{clock, errno, is_errno, original, set_errno};
use crate::os::{Member, wake};

pub(super) unsafe fn wait(member: &dyn Member, semaphore: *mut sem_t) -> c_int {
    // SAFETY: The caller's contract is the original's.
    unsafe { wait_until(member, semaphore, None) }
}

pub(super) unsafe fn timedwait(member: &dyn Member, semaphore: *mut sem_t, at: *const timespec) -> c_int {
    // SAFETY: The caller's contract is the original's.
    unsafe {
        match clock::deadline(member, libc::CLOCK_REALTIME, at) {
            None => original::sem_timedwait(semaphore, at),
            deadline => wait_until(member, semaphore, deadline),
        }
    }
}

pub(super) unsafe fn clockwait(
    member: &dyn Member,
    semaphore: *mut sem_t,
    clock: clockid_t,
    at: *const timespec,
) -> c_int {
    // SAFETY: The caller's contract is the original's.
    unsafe {
        match clock::deadline(member, clock, at) {
            None => original::sem_clockwait(semaphore, clock, at),
            deadline => wait_until(member, semaphore, deadline),
        }
    }
}

/// # Safety
///
/// As for `sem_wait`.
unsafe fn wait_until(member: &dyn Member, semaphore: *mut sem_t, deadline: Option<u64>) -> c_int {
    // SAFETY: By the contract.
    let attempt = || unsafe {
        let before = *errno();
        match libc::sem_trywait(semaphore) {
            0 => 0,
            _ if is_errno(libc::EAGAIN) => {
                set_errno(before);
                libc::EBUSY
            }
            _ => *errno(),
        }
    };
    match until_had(member, "sem_wait", semaphore as usize, deadline, attempt) {
        0 => 0,
        error => {
            set_errno(error);
            -1
        }
    }
}

pub(super) unsafe fn post(_: Option<&dyn Member>, semaphore: *mut sem_t) -> c_int {
    // SAFETY: The caller's contract is the original's.
    let error = unsafe { original::sem_post(semaphore) };
    wake(semaphore as usize, 1);
    error
}
