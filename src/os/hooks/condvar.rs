use std::ffi::c_int;

use libc::{clockid_t, pthread_cond_t, pthread_mutex_t, timespec};

use super::{aside, clock, mutex, original, valid};
use crate::os::{Member, Wait, Woken, Word, wake};

pub(super) unsafe fn wait(member: &dyn Member, condvar: *mut pthread_cond_t, mutex: *mut pthread_mutex_t) -> c_int {
    // SAFETY: The caller's contract is the original's.
    unsafe { wait_until(member, condvar, mutex, None) }
}

pub(super) unsafe fn timedwait(
    member: &dyn Member,
    condvar: *mut pthread_cond_t,
    mutex: *mut pthread_mutex_t,
    at: *const timespec,
) -> c_int {
    // SAFETY: The caller's contract is the original's.
    unsafe {
        let Some(at) = valid(at) else { return original::pthread_cond_timedwait(condvar, mutex, at) };
        // Which clock it is was said when the condition variable was made, and only libc knows how it notes that;
        // but the two are decades apart.
        let (monotonic, system) = (member.monotonic(), member.system());
        let in_ = if at.abs_diff(system) < at.abs_diff(monotonic) {
            at.saturating_sub(system)
        } else {
            at.saturating_sub(monotonic)
        };
        wait_until(member, condvar, mutex, Some(monotonic.saturating_add(in_)))
    }
}

pub(super) unsafe fn clockwait(
    member: &dyn Member,
    condvar: *mut pthread_cond_t,
    mutex: *mut pthread_mutex_t,
    clock: clockid_t,
    at: *const timespec,
) -> c_int {
    // SAFETY: The caller's contract is the original's.
    unsafe {
        match clock::deadline(member, clock, at) {
            None => original::pthread_cond_clockwait(condvar, mutex, clock, at),
            deadline => wait_until(member, condvar, mutex, deadline),
        }
    }
}

/// # Safety
///
/// As for `pthread_cond_wait`.
unsafe fn wait_until(
    member: &dyn Member,
    condvar: *mut pthread_cond_t,
    mutex: *mut pthread_mutex_t,
    deadline: Option<u64>,
) -> c_int {
    // Once this thread counts as waiting, the mutex is let go: no signal can come in between.
    let unlock = || {
        // SAFETY: The caller holds the mutex.
        unsafe { original::pthread_mutex_unlock(mutex) };
        true
    };
    let word = Some(Word { address: condvar as usize, still: &unlock });
    let woken = aside(|| {
        member.park(&Wait { call: "pthread_cond_wait", word, deadline, wakes: Some(mutex as usize), ..Wait::default() })
    });
    // SAFETY: By the contract the mutex is valid.
    let error = unsafe { mutex::lock(member, mutex) };
    if error == 0 && woken == Woken::TimedOut { libc::ETIMEDOUT } else { error }
}

pub(super) unsafe fn signal(_: Option<&dyn Member>, condvar: *mut pthread_cond_t) -> c_int {
    if wake(condvar as usize, 1) == 1 {
        return 0;
    }
    // SAFETY: The caller's contract is the original's.
    unsafe { original::pthread_cond_signal(condvar) }
}

pub(super) unsafe fn broadcast(_: Option<&dyn Member>, condvar: *mut pthread_cond_t) -> c_int {
    wake(condvar as usize, usize::MAX);
    // SAFETY: The caller's contract is the original's.
    unsafe { original::pthread_cond_broadcast(condvar) }
}
