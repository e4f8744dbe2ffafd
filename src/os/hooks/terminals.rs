//! Terminals that are in an epoll.
//!
//! The kernel carries what is written at one end of a terminal to the other by a thread of its own, a while later. Who asks the
//! other end itself whether it is ready has that done first; who asks an epoll that it is in does not.

use std::ffi::c_int;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::link::MOST_FDS;
use super::{aside, original, stat};
use crate::os::Member;

/// Whether each descriptor is such a terminal.
static ARE_TERMINALS: [AtomicBool; MOST_FDS] = [const { AtomicBool::new(false) }; MOST_FDS];

/// No descriptor from this one on has been one.
static END: AtomicUsize = AtomicUsize::new(0);

/// Notes that a descriptor is in an epoll now.
pub(super) fn added(member: Option<&dyn Member>, fd: c_int) {
    let Ok(place) = usize::try_from(fd) else { return };
    if place < MOST_FDS && member.is_some() && aside(|| is_terminal(fd)) {
        ARE_TERMINALS[place].store(true, Ordering::Relaxed);
        END.fetch_max(place + 1, Ordering::Release);
    }
}

fn is_terminal(fd: c_int) -> bool {
    // Only of a device is it asked: to others the question may mean something else.
    let is_device = stat(fd).is_some_and(|stat| stat.st_mode & libc::S_IFMT == libc::S_IFCHR);
    // SAFETY: The call takes no pointers.
    is_device && unsafe { libc::isatty(fd) } == 1
}

/// Notes that a descriptor is about to be closed.
pub(super) fn closed(fd: c_int) {
    if let Some(place) = usize::try_from(fd).ok().filter(|place| *place < END.load(Ordering::Acquire)) {
        ARE_TERMINALS[place].store(false, Ordering::Relaxed);
    }
}

fn terminals() -> impl Iterator<Item = usize> {
    (0..END.load(Ordering::Acquire)).filter(|place| ARE_TERMINALS[*place].load(Ordering::Relaxed))
}

pub(crate) fn are_there_terminals() -> bool {
    terminals().next().is_some()
}

/// Has what is on its way to a terminal come there, so that an epoll knows of it.
pub(in crate::os) fn fetch() {
    for place in terminals() {
        let mut fd = libc::pollfd { fd: place as c_int, events: 0, revents: 0 };
        // SAFETY: It is one valid descriptor, and the call does not wait.
        unsafe { original::poll(&raw mut fd, 1, 0) };
    }
}
