use std::ffi::c_int;
use std::time::Duration;

use libc::{clockid_t, pid_t, pthread_mutex_t, timespec};

use super::clock;
use super::lock::until_had;
use super::{aside, original};
use crate::os::{Member, allocator, is_seated, polls, real_system, wake};

pub(super) unsafe fn lock(member: &dyn Member, mutex: *mut pthread_mutex_t) -> c_int {
    // SAFETY: The caller's contract is the original's.
    unsafe { lock_until(member, mutex, None, || original::pthread_mutex_lock(mutex)) }
}

pub(super) unsafe fn timedlock(member: &dyn Member, mutex: *mut pthread_mutex_t, at: *const timespec) -> c_int {
    // SAFETY: The caller's contract is the original's.
    unsafe {
        match clock::deadline(member, libc::CLOCK_REALTIME, at) {
            None => original::pthread_mutex_timedlock(mutex, at),
            deadline => lock_until(member, mutex, deadline, || original::pthread_mutex_timedlock(mutex, at)),
        }
    }
}

pub(super) unsafe fn clocklock(
    member: &dyn Member,
    mutex: *mut pthread_mutex_t,
    clock: clockid_t,
    at: *const timespec,
) -> c_int {
    // SAFETY: The caller's contract is the original's.
    unsafe {
        match clock::deadline(member, clock, at) {
            None => original::pthread_mutex_clocklock(mutex, clock, at),
            deadline => lock_until(member, mutex, deadline, || original::pthread_mutex_clocklock(mutex, clock, at)),
        }
    }
}

/// # Safety
///
/// As for `pthread_mutex_lock`.
unsafe fn lock_until(
    member: &dyn Member,
    mutex: *mut pthread_mutex_t,
    deadline: Option<u64>,
    original: impl Fn() -> c_int,
) -> c_int {
    if allocator::locks_mutexes() {
        let Some(deadline) = deadline else { return original() };
        let at = real_system().saturating_add(deadline.saturating_sub(member.monotonic()));
        // SAFETY: By the contract; the time is this thread's own.
        return unsafe { original::pthread_mutex_timedlock(mutex, &polls::timespec(Duration::from_nanos(at))) };
    }
    // SAFETY: By the contract.
    let attempt = || unsafe {
        match libc::pthread_mutex_trylock(mutex) {
            libc::EBUSY if !aside(|| is_members(mutex)) => NOT_A_MEMBER_S,
            tried => tried,
        }
    };
    loop {
        // SAFETY: By the contract.
        let is_own = unsafe { owner(mutex) == libc::gettid() };
        if is_own {
            // An error, or a deadlock, or once more.
            return original();
        }
        match until_had(member, "pthread_mutex_lock", mutex as usize, deadline, attempt) {
            // SAFETY: The call has no contract.
            NOT_A_MEMBER_S => unsafe { original::usleep(100) },
            locked => return locked,
        };
    }
}

/// A stranger may let go of it by beginning to wait, which no hook sees: the clock stands, and it is tried again soon.
const NOT_A_MEMBER_S: c_int = -1;

pub(super) unsafe fn unlock(_: Option<&dyn Member>, mutex: *mut pthread_mutex_t) -> c_int {
    // SAFETY: The caller's contract is the original's.
    let error = unsafe { original::pthread_mutex_unlock(mutex) };
    if !allocator::locks_mutexes() {
        allocator::note_unlock();
        wake(mutex as usize, 1);
    }
    error
}

/// Whether locking it has to wait for another thread.
///
/// # Safety
///
/// The mutex must be valid.
pub(in crate::os) unsafe fn is_mutex_taken(mutex: *mut pthread_mutex_t) -> bool {
    // SAFETY: By the contract; and the other call has none.
    let (owner, own) = unsafe { (owner(mutex), libc::gettid()) };
    owner != 0 && owner != own
}

/// # Safety
///
/// The mutex must be valid.
unsafe fn is_members(mutex: *mut pthread_mutex_t) -> bool {
    // SAFETY: By the contract.
    is_seated(unsafe { owner(mutex) })
}

/// # Safety
///
/// The mutex must be valid.
unsafe fn owner(mutex: *mut pthread_mutex_t) -> pid_t {
    // SAFETY: glibc keeps the owner's thread id in the third word of a mutex, on every platform of ours; it is only read.
    unsafe { mutex.cast::<pid_t>().add(2).read_volatile() }
}
