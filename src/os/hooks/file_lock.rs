//! Locks of whole files, which threads of this process have, or other processes.

use std::ffi::c_int;
use std::sync::atomic::AtomicU32;
use std::{fs, process, ptr};

use libc::timespec;

use super::lock::until_had;
use super::{errno, is_errno, original, set_errno, stat};
use crate::os::{Member, wake};

/// Where those wait whose file a thread of this process has locked.
static RELEASES: AtomicU32 = AtomicU32::new(0);

pub(super) unsafe fn flock(member: Option<&dyn Member>, fd: c_int, operation: c_int) -> c_int {
    let result = match member {
        Some(member) if operation & (libc::LOCK_NB | libc::LOCK_UN) == 0 => lock(member, fd, operation),
        // SAFETY: The call takes no pointers.
        _ => unsafe { original::flock(fd, operation) },
    };
    // A lock that is taken may stand in for a stronger one.
    released();
    result
}

/// Notes that a lock may have been let go of.
pub(super) fn released() {
    wake(RELEASES.as_ptr() as usize, usize::MAX);
}

fn lock(member: &dyn Member, fd: c_int, operation: c_int) -> c_int {
    // SAFETY: The calls take no pointers but that of a valid time, and the address of `errno` is the calling thread's own.
    unsafe {
        let before = *errno();
        let attempt = || match original::flock(fd, operation | libc::LOCK_NB) {
            0 => 0,
            _ if is_errno(libc::EWOULDBLOCK) => {
                if is_locked_here(fd) {
                    libc::EBUSY
                } else {
                    libc::EWOULDBLOCK
                }
            }
            _ => *errno(),
        };
        loop {
            match until_had(member, "flock", RELEASES.as_ptr() as usize, None, attempt) {
                0 => {
                    set_errno(before);
                    return 0;
                }
                // Nobody tells when another process lets go of it: until then the caller runs.
                libc::EWOULDBLOCK => _ = original::nanosleep(&raw const LOOK_AGAIN, ptr::null_mut()),
                error => {
                    set_errno(error);
                    return -1;
                }
            }
        }
    }
}

/// How often, in real time, a file is tried that another process has locked.
static LOOK_AGAIN: timespec = timespec { tv_sec: 0, tv_nsec: 1_000_000 };

/// Whether this process has locked a file, by the kernel's list: `1: FLOCK  ADVISORY  WRITE 4711 fd:01:131076 0 EOF`.
fn is_locked_here(fd: c_int) -> bool {
    let (Some(stat), Ok(locks)) = (stat(fd), fs::read_to_string("/proc/locks")) else { return false };
    let (own, file) = (process::id().to_string(), stat.st_ino.to_string());
    locks.lines().any(|line| {
        let words: Vec<_> = line.split_whitespace().collect();
        let is_file = |place: &str| place.rsplit(':').next() == Some(&file);
        matches!(&*words, [_, "FLOCK", _, _, process, place, ..] if *process == own && is_file(place))
    })
}
