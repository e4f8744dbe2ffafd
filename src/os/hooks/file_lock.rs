//! Locks of whole files, which threads of this process have, or other processes.

use std::ffi::c_int;
use std::fs;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering, fence};

use libc::timespec;

use super::{aside, errno, is_errno, original, set_errno, stat};
use crate::os::{Member, Wait, Word, have_all_look};

/// How often a lock may have been let go of while somebody waited. Those wait on it whose file this process has locked.
static RELEASES: AtomicU32 = AtomicU32::new(0);

/// How many members wait for a file's lock. Who waits is counted before he tries, and who lets go asks afterwards: one sees the other.
static WAITING: AtomicUsize = AtomicUsize::new(0);

pub(super) unsafe fn flock(member: Option<&dyn Member>, fd: c_int, operation: c_int) -> c_int {
    let waits = operation & (libc::LOCK_NB | libc::LOCK_UN) == 0;
    let result = match member {
        Some(member) if waits && member.bubble() != 0 => lock(member, fd, operation),
        // SAFETY: The call takes no pointers.
        _ => unsafe { original::flock(fd, operation) },
    };
    // A lock that is taken may stand in for a stronger one.
    released();
    result
}

/// Notes that a lock may have been let go of.
pub(super) fn released() {
    fence(Ordering::SeqCst);
    if WAITING.load(Ordering::SeqCst) > 0 {
        RELEASES.fetch_add(1, Ordering::SeqCst);
        have_all_look(RELEASES.as_ptr() as usize);
    }
}

/// Counted among those who wait, until dropped.
struct Waiting;

impl Waiting {
    fn begin() -> Self {
        WAITING.fetch_add(1, Ordering::SeqCst);
        Self
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        WAITING.fetch_sub(1, Ordering::SeqCst);
    }
}

fn lock(member: &dyn Member, fd: c_int, operation: c_int) -> c_int {
    // SAFETY: The address is the calling thread's own.
    let before = unsafe { *errno() };
    // SAFETY: The call takes no pointers.
    let attempt = || unsafe { original::flock(fd, operation | libc::LOCK_NB) };
    let is_over = |result: c_int| result == 0 || !is_errno(libc::EWOULDBLOCK);
    let mut result = attempt();
    if is_over(result) {
        return result;
    }
    let _waiting = Waiting::begin();
    // For the sake of the other lock, the kernel has taken away the one that the caller had.
    released();
    loop {
        let releases = RELEASES.load(Ordering::SeqCst);
        result = attempt();
        if is_over(result) {
            break;
        }
        if aside(|| is_locked_here(fd)) {
            let still = || RELEASES.load(Ordering::SeqCst) == releases;
            let word = Some(Word { address: RELEASES.as_ptr() as usize, still: &still });
            aside(|| member.park(&Wait { call: "flock", word, ..Wait::default() }));
        } else {
            // Nobody tells when another process lets go of it: until then the caller runs.
            // SAFETY: The time is valid, and what is left of it is not asked for.
            unsafe { original::nanosleep(&raw const LOOK_AGAIN, std::ptr::null_mut()) };
        }
    }
    if result == 0 {
        set_errno(before);
    }
    result
}

/// How often, in real time, a file is tried that another process has locked.
static LOOK_AGAIN: timespec = timespec { tv_sec: 0, tv_nsec: 1_000_000 };

/// Whether a descriptor of this process has a file's lock. A child that has the same open file may have it for longer.
fn is_locked_here(fd: c_int) -> bool {
    let file = |fd| stat(fd).map(|stat| (stat.st_dev, stat.st_ino));
    let own = file(fd);
    let fds = fs::read_dir("/proc/self/fdinfo").into_iter().flatten().flatten();
    let mut fds = fds.filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path())));
    own.is_some()
        && fds.any(|(fd, about)| file(fd) == own && fs::read_to_string(about).is_ok_and(|about| has_lock(&about)))
}

/// By what the kernel tells of a descriptor: `lock: 1: FLOCK  ADVISORY  WRITE 4711 fd:01:131076 0 EOF`.
fn has_lock(about: &str) -> bool {
    about.lines().any(|line| line.starts_with("lock:") && line.contains(" FLOCK "))
}
