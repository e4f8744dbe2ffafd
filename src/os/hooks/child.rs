use std::ffi::{c_char, c_int};

use libc::{pid_t, posix_spawn_file_actions_t, posix_spawnattr_t};

use super::{aside, original};
use crate::os::Member;

pub(super) unsafe fn posix_spawn(
    member: &dyn Member,
    child: *mut pid_t,
    path: *const c_char,
    actions: *const posix_spawn_file_actions_t,
    attributes: *const posix_spawnattr_t,
    arguments: *const *mut c_char,
    environment: *const *mut c_char,
) -> c_int {
    // SAFETY: The caller's contract is the original's.
    unsafe {
        let error = original::posix_spawn(child, path, actions, attributes, arguments, environment);
        spawned(member, error, child);
        error
    }
}

pub(super) unsafe fn posix_spawnp(
    member: &dyn Member,
    child: *mut pid_t,
    file: *const c_char,
    actions: *const posix_spawn_file_actions_t,
    attributes: *const posix_spawnattr_t,
    arguments: *const *mut c_char,
    environment: *const *mut c_char,
) -> c_int {
    // SAFETY: The caller's contract is the original's.
    unsafe {
        let error = original::posix_spawnp(child, file, actions, attributes, arguments, environment);
        spawned(member, error, child);
        error
    }
}

pub(super) unsafe fn fork(member: &dyn Member) -> pid_t {
    // SAFETY: The caller's contract is the original's.
    let child = unsafe { original::fork() };
    if child > 0 {
        aside(|| member.has_child(child));
    }
    child
}

/// # Safety
///
/// The child's place must be null or valid, and written if there was no error.
unsafe fn spawned(member: &dyn Member, error: c_int, child: *const pid_t) {
    // SAFETY: By the contract.
    if let (0, Some(child)) = (error, unsafe { child.as_ref() }) {
        aside(|| member.has_child(*child));
    }
}

/// Whether a child of this process has not come to its end.
pub(crate) fn is_alive(child: pid_t) -> bool {
    // SAFETY: All zeros is valid, and there is room for what is told; nobody's wait is taken away.
    unsafe {
        let mut end: libc::siginfo_t = std::mem::zeroed();
        let options = libc::WEXITED | libc::WNOHANG | libc::WNOWAIT;
        let error = libc::waitid(libc::P_PID, child.cast_unsigned(), &raw mut end, options);
        error == 0 && end.si_pid() == 0
    }
}
