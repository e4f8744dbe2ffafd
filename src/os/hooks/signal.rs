use std::ffi::c_int;
use std::ptr;

use libc::{pid_t, pthread_t, sigset_t};

use super::{aside, awaited_signal, original, seat};
use crate::os::{Member, thread_id};

/// A signal to the process itself goes to the calling thread, of all that the kernel may choose: it is handled before the call
/// returns, and so before the clock can move.
pub(super) unsafe fn kill(member: &dyn Member, process: pid_t, signal: c_int) -> c_int {
    // SAFETY: The calls take no pointers.
    unsafe {
        if process != libc::getpid() || signal == 0 || is_blocked(signal) {
            let result = original::kill(process, signal);
            awaited_signal::sent();
            return result;
        }
        let thread = thread_id();
        let result = seat::outside(|| {
            original::syscall(libc::SYS_tgkill, process.into(), thread.into(), signal.into(), 0, 0, 0) as c_int
        });
        aside(|| member.signalled());
        result
    }
}

pub(super) unsafe fn raise(member: &dyn Member, signal: c_int) -> c_int {
    // SAFETY: The call takes no pointers.
    let result = seat::outside(|| unsafe { original::raise(signal) });
    aside(|| member.signalled());
    result
}

pub(super) unsafe fn pthread_kill(_: &dyn Member, thread: pthread_t, signal: c_int) -> c_int {
    // SAFETY: The caller's contract is the original's.
    let error = seat::outside(|| unsafe { original::pthread_kill(thread, signal) });
    awaited_signal::sent();
    error
}

pub(super) unsafe fn procmask(_: &dyn Member, how: c_int, set: *const sigset_t, before: *mut sigset_t) -> c_int {
    // SAFETY: The caller's contract is the original's.
    unsafe { change(how, set, |set| original::sigprocmask(how, set, before)) }
}

pub(super) unsafe fn sigmask(_: &dyn Member, how: c_int, set: *const sigset_t, before: *mut sigset_t) -> c_int {
    // SAFETY: As above.
    unsafe { change(how, set, |set| original::pthread_sigmask(how, set, before)) }
}

/// Changes which signals wait: never the one by which the kernel hands calls over.
///
/// # Safety
///
/// The set must be null or valid.
unsafe fn change(how: c_int, set: *const sigset_t, change: impl FnOnce(*const sigset_t) -> c_int) -> c_int {
    // SAFETY: By the contract; the copy is a valid set.
    unsafe {
        match set.as_ref() {
            Some(set) if how != libc::SIG_UNBLOCK => {
                let mut set = *set;
                libc::sigdelset(&raw mut set, libc::SIGSYS);
                change(&raw const set)
            }
            _ => change(set),
        }
    }
}

/// Whether the calling thread lets a signal wait.
pub(super) fn is_blocked(signal: c_int) -> bool {
    // SAFETY: All zeros is a valid set, and there is room for what is told.
    unsafe {
        let mut blocked: sigset_t = std::mem::zeroed();
        let failed = libc::pthread_sigmask(libc::SIG_BLOCK, ptr::null(), &raw mut blocked) != 0;
        failed || libc::sigismember(&raw const blocked, signal) != 0
    }
}
