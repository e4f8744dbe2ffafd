//! In which epoll each descriptor is: who rings at one wakes who waits in the other.

use std::ffi::c_int;
use std::sync::atomic::{AtomicI32, Ordering};

use libc::epoll_event;

use super::link::MOST_FDS;
use super::original;
use crate::os::Member;

/// One more than the number of the epoll; 0 where none is known.
static EPOLLS: [AtomicI32; MOST_FDS] = [const { AtomicI32::new(0) }; MOST_FDS];

fn slot(fd: c_int) -> Option<&'static AtomicI32> {
    EPOLLS.get(usize::try_from(fd).ok()?)
}

pub(super) unsafe fn epoll_ctl(
    _: Option<&dyn Member>,
    epoll: c_int,
    operation: c_int,
    fd: c_int,
    event: *mut epoll_event,
) -> c_int {
    // SAFETY: The caller's contract is the original's.
    let result = unsafe { original::epoll_ctl(epoll, operation, fd, event) };
    if let (0, Some(slot)) = (result, slot(fd)) {
        match operation {
            libc::EPOLL_CTL_ADD => slot.store(epoll + 1, Ordering::Relaxed),
            libc::EPOLL_CTL_DEL => slot.store(0, Ordering::Relaxed),
            _ => {}
        }
    }
    result
}

/// In which epoll a descriptor is, as far as it is known.
pub(super) fn epoll_of(fd: c_int) -> Option<c_int> {
    Some(slot(fd)?.load(Ordering::Relaxed)).filter(|epoll| *epoll > 0).map(|epoll| epoll - 1)
}

/// Notes that two descriptors stand for one file.
pub(super) fn cloned(fd: c_int, clone: c_int) {
    if let (Some(fd), Some(clone)) = (slot(fd), slot(clone)) {
        clone.store(fd.load(Ordering::Relaxed), Ordering::Relaxed);
    }
}

/// Notes that a descriptor is about to be closed.
pub(super) fn closed(fd: c_int) {
    if let Some(slot) = slot(fd).filter(|slot| slot.load(Ordering::Relaxed) != 0) {
        slot.store(0, Ordering::Relaxed);
    }
}
