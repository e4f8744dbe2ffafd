//! Waits for a signal that no handler takes.

use std::ffi::c_int;
use std::ptr;
use std::sync::atomic::{AtomicU32, Ordering};

use libc::{siginfo_t, sigset_t, timespec};

use super::times::is_refused;
use super::{aside, errno, is_errno, nanos, original, set_errno};
use crate::os::{Fd, Member, Wait, Woken, Word, have_all_look};

/// How often members have sent signals to threads of this process. Those wait on it who wait for one.
static SENT: AtomicU32 = AtomicU32::new(0);

/// Notes that a signal was sent. Only the thread that it was sent to can see it.
pub(super) fn sent() {
    SENT.fetch_add(1, Ordering::SeqCst);
    have_all_look(SENT.as_ptr() as usize);
}

pub(super) unsafe fn timedwait(
    member: &dyn Member,
    set: *const sigset_t,
    about: *mut siginfo_t,
    timeout: *const timespec,
) -> c_int {
    // SAFETY: The caller's contract is the original's.
    unsafe {
        if is_refused(timeout) {
            return original::sigtimedwait(set, about, timeout);
        }
        let deadline = timeout.as_ref().map(|most| member.monotonic().saturating_add(nanos(most)));
        until_sent(member, set, about, deadline)
    }
}

pub(super) unsafe fn waitinfo(member: &dyn Member, set: *const sigset_t, about: *mut siginfo_t) -> c_int {
    // SAFETY: As above.
    unsafe { until_sent(member, set, about, None) }
}

pub(super) unsafe fn wait(member: &dyn Member, set: *const sigset_t, signal: *mut c_int) -> c_int {
    // SAFETY: As above.
    unsafe {
        let before = *errno();
        match until_sent(member, set, ptr::null_mut(), None) {
            -1 => {
                let error = *errno();
                set_errno(before);
                error
            }
            taken => {
                *signal = taken;
                0
            }
        }
    }
}

/// Takes a signal, at rest until there is one or the time is up.
///
/// # Safety
///
/// As for `sigtimedwait`.
unsafe fn until_sent(member: &dyn Member, set: *const sigset_t, about: *mut siginfo_t, deadline: Option<u64>) -> c_int {
    // SAFETY: By the contract.
    let attempt = || unsafe { original::sigtimedwait(set, about, &raw const AT_ONCE) };
    let (before, mut sent_before) = (unsafe { *errno() }, SENT.load(Ordering::SeqCst));
    let mut taken = attempt();
    if taken >= 0 || !is_errno(libc::EAGAIN) {
        return taken;
    }
    // SAFETY: By the contract; the descriptor is this function's own.
    let watch = unsafe { libc::signalfd(-1, set, libc::SFD_CLOEXEC | libc::SFD_NONBLOCK) };
    let fds = [Fd { number: watch, events: libc::POLLIN }];
    let fds = if watch < 0 { &[][..] } else { &fds };
    while taken < 0 {
        let still = || SENT.load(Ordering::SeqCst) == sent_before;
        let word = Some(Word { address: SENT.as_ptr() as usize, still: &still });
        let woken = aside(|| member.park(&Wait { call: "sigwait", fds, word, deadline, ..Wait::default() }));
        sent_before = SENT.load(Ordering::SeqCst);
        taken = attempt();
        if woken == Woken::TimedOut || (taken < 0 && !is_errno(libc::EAGAIN)) {
            break;
        }
    }
    if watch >= 0 {
        // SAFETY: As above.
        aside(|| unsafe { original::close(watch) });
    }
    if taken >= 0 {
        set_errno(before);
    }
    taken
}

static AT_ONCE: timespec = timespec { tv_sec: 0, tv_nsec: 0 };
