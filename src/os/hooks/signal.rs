use std::ffi::c_int;
use std::ptr;

use libc::pid_t;

use super::{original, seat};
use crate::os::{Member, thread_id};

/// A signal to the process itself goes to the calling thread, of all that the kernel may choose: it is handled before the call
/// returns, and so before the clock can move.
pub(super) unsafe fn kill(_: &dyn Member, process: pid_t, signal: c_int) -> c_int {
    // SAFETY: The calls take no pointers.
    unsafe {
        if process != libc::getpid() || signal == 0 || is_blocked(signal) {
            return original::kill(process, signal);
        }
        let thread = thread_id();
        seat::outside(|| {
            original::syscall(libc::SYS_tgkill, process.into(), thread.into(), signal.into(), 0, 0, 0) as c_int
        })
    }
}

/// Whether the calling thread lets a signal wait.
fn is_blocked(signal: c_int) -> bool {
    // SAFETY: All zeros is a valid set, and there is room for what is told.
    unsafe {
        let mut blocked: libc::sigset_t = std::mem::zeroed();
        let failed = libc::pthread_sigmask(libc::SIG_BLOCK, ptr::null(), &raw mut blocked) != 0;
        failed || libc::sigismember(&raw const blocked, signal) != 0
    }
}
