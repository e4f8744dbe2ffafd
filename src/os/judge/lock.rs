use std::ffi::{c_int, c_long};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use libc::{pthread_mutex_t, pthread_rwlock_t, sem_t, timespec};

use super::ear::Judged;
use super::told::until;
use super::{Seen, What};
use crate::os::allocator;
use crate::os::hooks::{is_mutex_taken, original, valid};

/// A futex that really is waited on: its word is still what the caller saw.
pub(in crate::os) unsafe fn futex(number: c_long, a: c_long, b: c_long, c: c_long, d: c_long) -> Option<Judged> {
    if number != libc::SYS_futex {
        return None;
    }
    let operation = b as c_int;
    let kind = operation & !(libc::FUTEX_PRIVATE_FLAG | libc::FUTEX_CLOCK_REALTIME);
    if kind != libc::FUTEX_WAIT && kind != libc::FUTEX_WAIT_BITSET {
        return None;
    }
    // SAFETY: The caller's contract is that of the futex call.
    let time = unsafe { valid(d as *const timespec) };
    let is_system = operation & libc::FUTEX_CLOCK_REALTIME != 0;
    let clock = if is_system { libc::CLOCK_REALTIME } else { libc::CLOCK_MONOTONIC };
    let left = match time {
        Some(time) if kind == libc::FUTEX_WAIT_BITSET => Some(until(clock, time)?),
        time => time,
    };
    // SAFETY: As above.
    let is_same = unsafe { &*(a as *const AtomicU32) }.load(Ordering::SeqCst) == c as u32;
    if is_same { waits(left) } else { None }
}

pub(in crate::os) unsafe fn mutex(mutex: *mut pthread_mutex_t) -> Option<Judged> {
    // SAFETY: The caller's contract is the call's own, here and below.
    if !allocator::locks_mutexes() && unsafe { is_mutex_taken(mutex) } { waits(None) } else { None }
}

pub(in crate::os) unsafe fn read(rwlock: *mut pthread_rwlock_t) -> Option<Judged> {
    // SAFETY: As above.
    if unsafe { libc::pthread_rwlock_tryrdlock(rwlock) } == libc::EBUSY {
        return waits(None);
    }
    // SAFETY: It has just been locked.
    unsafe { original::pthread_rwlock_unlock(rwlock) };
    None
}

pub(in crate::os) unsafe fn write(rwlock: *mut pthread_rwlock_t) -> Option<Judged> {
    // SAFETY: As above.
    if unsafe { libc::pthread_rwlock_trywrlock(rwlock) } == libc::EBUSY {
        return waits(None);
    }
    // SAFETY: It has just been locked.
    unsafe { original::pthread_rwlock_unlock(rwlock) };
    None
}

pub(in crate::os) unsafe fn semaphore(semaphore: *mut sem_t) -> Option<Judged> {
    let mut value = 0;
    // SAFETY: As above.
    let asked = unsafe { libc::sem_getvalue(semaphore, &raw mut value) };
    if asked == 0 && value <= 0 { waits(None) } else { None }
}

/// A condition, or a barrier: the last to come there does not wait, but who is the last cannot be seen.
pub(in crate::os) fn always() -> Option<Judged> {
    waits(None)
}

fn waits(left: Option<u64>) -> Option<Judged> {
    match left {
        Some(0) => None,
        Some(nanos) => Some(Box::new(move || Seen::lasting(What::Lock, Duration::from_nanos(nanos)))),
        None => Some(Box::new(|| Seen::new(What::Lock))),
    }
}
