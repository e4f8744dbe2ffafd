use std::ffi::{c_char, c_int, c_long};
use std::sync::atomic::{AtomicBool, Ordering};

use libc::{id_t, idtype_t, pid_t, posix_spawn_file_actions_t, posix_spawnattr_t, rusage, siginfo_t};

use super::thread::after_fork;
use super::{aside, is_blocking, original};
use crate::os::{Fd, Member, Wait, is_ready};

/// Whether members have started any.
static ARE_ANY: AtomicBool = AtomicBool::new(false);

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
        has_child(member, child);
    }
    child
}

/// A plain fork that is made by its number, of which libc tells nobody.
pub(super) fn fork_by_number(member: Option<&dyn Member>, fork: impl FnOnce() -> c_long) -> c_long {
    let child = fork();
    match (child, member) {
        (0, _) => after_fork(),
        (1.., Some(member)) => has_child(member, child as pid_t),
        _ => {}
    }
    child
}

/// Whether a call, with its first two arguments, is a plain fork: its child has all memory for itself, and comes back from the call.
///
/// # Safety
///
/// As for the call.
pub(super) unsafe fn is_plain_fork(number: c_long, a: c_long, b: c_long) -> bool {
    let is_plain = |flags: u64, stack: u64| flags & libc::CLONE_VM as u64 == 0 && stack == 0;
    match number {
        #[cfg(target_arch = "x86_64")]
        libc::SYS_fork => true,
        libc::SYS_clone => is_plain(a as u64, b as u64),
        // SAFETY: By the contract, it is null or valid.
        libc::SYS_clone3 => {
            unsafe { (a as *const libc::clone_args).as_ref() }.is_some_and(|clone| is_plain(clone.flags, clone.stack))
        }
        _ => false,
    }
}

/// # Safety
///
/// The child's place must be null or valid, and written if there was no error.
unsafe fn spawned(member: &dyn Member, error: c_int, child: *const pid_t) {
    // SAFETY: By the contract.
    if let (0, Some(child)) = (error, unsafe { child.as_ref() }) {
        has_child(member, *child);
    }
}

pub(super) unsafe fn waitpid(member: &dyn Member, process: pid_t, status: *mut c_int, options: c_int) -> pid_t {
    if options == 0 {
        rest_until_ended(member, process);
    }
    // SAFETY: The caller's contract is the original's.
    unsafe { original::waitpid(process, status, options) }
}

pub(super) unsafe fn wait4(
    member: &dyn Member,
    process: pid_t,
    status: *mut c_int,
    options: c_int,
    usage: *mut rusage,
) -> pid_t {
    if options == 0 {
        rest_until_ended(member, process);
    }
    // SAFETY: The caller's contract is the original's.
    unsafe { original::wait4(process, status, options, usage) }
}

pub(super) unsafe fn waitid(
    member: &dyn Member,
    of: idtype_t,
    id: id_t,
    about: *mut siginfo_t,
    options: c_int,
) -> c_int {
    match of {
        libc::P_PID if options == libc::WEXITED => rest_until_ended(member, id.cast_signed()),
        libc::P_PIDFD if options == libc::WEXITED && is_blocking(id.cast_signed()) => {
            aside(|| rest_until_ready(member, id.cast_signed()));
        }
        _ => {}
    }
    // SAFETY: The caller's contract is the original's.
    unsafe { original::waitid(of, id, about, options) }
}

/// Waits, at rest, until a child of this process has ended. Of one that cannot be watched, the caller waits in the kernel.
fn rest_until_ended(member: &dyn Member, process: pid_t) {
    aside(|| {
        if process <= 0 || !is_alive(process) {
            return;
        }
        // SAFETY: The calls take no pointers, and the descriptor is this function's own.
        unsafe {
            let watch = original::syscall(libc::SYS_pidfd_open, process.into(), 0, 0, 0, 0, 0) as c_int;
            if watch >= 0 {
                rest_until_ready(member, watch);
                original::close(watch);
            }
        }
    });
}

/// `watch` is ready once its process has ended.
fn rest_until_ready(member: &dyn Member, watch: c_int) {
    let ended = Fd { number: watch, events: libc::POLLIN };
    while !is_ready(ended) {
        member.park(&Wait { call: "wait", fds: &[ended], ..Wait::default() });
    }
}

fn has_child(member: &dyn Member, child: pid_t) {
    ARE_ANY.store(true, Ordering::SeqCst);
    aside(|| member.has_child(child));
}

/// Whether members have started any.
pub(super) fn are_any() -> bool {
    ARE_ANY.load(Ordering::SeqCst)
}

/// Whether a child of this process has not come to its end.
pub(crate) fn is_alive(child: pid_t) -> bool {
    // SAFETY: All zeros is valid, and there is room for what is told; nobody's wait is taken away.
    unsafe {
        let mut end: libc::siginfo_t = std::mem::zeroed();
        let options = libc::WEXITED | libc::WNOHANG | libc::WNOWAIT;
        let error = original::waitid(libc::P_PID, child.cast_unsigned(), &raw mut end, options);
        error == 0 && end.si_pid() == 0
    }
}
