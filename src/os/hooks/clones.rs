//! Descriptors that stand for the same open file: what is known of one is known of all.

use std::ffi::{c_int, c_long};
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use super::link::{self, MOST_FDS};
use super::{aside, bell, file_lock, original, timer, traffic};
use crate::os::Member;

/// So many files can be followed that have several descriptors.
const MOST: usize = 1 << 12;

/// What is known of each such file, as a `Link`, and how many descriptors it has.
static LINKS: [AtomicU64; MOST] = [const { AtomicU64::new(0) }; MOST];
static COUNTS: [AtomicU32; MOST] = [const { AtomicU32::new(0) }; MOST];

/// For each descriptor, where its file is among those: one more than the place. Zero: it is the only one.
static PLACES: [AtomicU32; MOST_FDS] = [const { AtomicU32::new(0) }; MOST_FDS];

pub(super) unsafe fn dup(_: Option<&dyn Member>, fd: c_int) -> c_int {
    // SAFETY: The call takes no pointers.
    cloned(fd, unsafe { original::dup(fd) })
}

pub(super) unsafe fn dup2(member: Option<&dyn Member>, from: c_int, to: c_int) -> c_int {
    // SAFETY: As above.
    replacing(member, from, to, || unsafe { original::dup2(from, to) })
}

pub(super) unsafe fn dup3(member: Option<&dyn Member>, from: c_int, to: c_int, flags: c_int) -> c_int {
    // SAFETY: As above.
    replacing(member, from, to, || unsafe { original::dup3(from, to, flags) })
}

pub(super) unsafe fn fcntl(_: Option<&dyn Member>, fd: c_int, command: c_int, argument: c_long) -> c_int {
    // SAFETY: The caller's contract is the original's.
    let result = unsafe { original::fcntl(fd, command, argument) };
    if command == libc::F_DUPFD || command == libc::F_DUPFD_CLOEXEC { cloned(fd, result) } else { result }
}

/// Gives a number to another file.
fn replacing(member: Option<&dyn Member>, from: c_int, to: c_int, duplicate: impl FnOnce() -> c_int) -> c_int {
    if from != to && is_open(from) {
        given_up(member, to);
    }
    let clone = duplicate();
    file_lock::released();
    cloned(from, clone)
}

/// Notes that a number is about to be free for another file.
pub(super) fn given_up(member: Option<&dyn Member>, fd: c_int) {
    if link::is_known(fd) {
        aside(|| traffic::closed(member, fd));
    }
    timer::closed(fd);
    bell::closed(fd);
}

/// Whether there is something that could be given to another number.
fn is_open(fd: c_int) -> bool {
    // SAFETY: The call takes no pointers.
    aside(|| unsafe { original::fcntl(fd, libc::F_GETFD, 0) }) >= 0
}

/// Notes that a file has one more descriptor.
fn cloned(fd: c_int, clone: c_int) -> c_int {
    if clone >= 0 && clone != fd {
        bell::cloned(fd, clone);
        if link::is_known(fd) {
            aside(|| share(fd, clone));
        }
    }
    clone
}

fn share(fd: c_int, clone: c_int) {
    let (Some(own), Some(new)) = (place_of(fd), place_of(clone)) else { return };
    let place = if let Some(place) = shared(fd) {
        COUNTS[place].fetch_add(1, Ordering::SeqCst);
        place
    } else {
        let is_taken = |count: &AtomicU32| count.compare_exchange(0, 2, Ordering::SeqCst, Ordering::Relaxed).is_ok();
        let Some(place) = COUNTS.iter().position(is_taken) else { return };
        link::hand_over(fd, &LINKS[place], || own.store(place as u32 + 1, Ordering::SeqCst));
        place
    };
    link::reach(clone);
    new.store(place as u32 + 1, Ordering::SeqCst);
}

fn place_of(fd: c_int) -> Option<&'static AtomicU32> {
    PLACES.get(usize::try_from(fd).ok()?)
}

fn shared(fd: c_int) -> Option<usize> {
    let place = place_of(fd)?.load(Ordering::Acquire);
    (place as usize).checked_sub(1)
}

/// What is known of a descriptor's file, if it has others.
pub(super) fn slot(fd: c_int) -> Option<&'static AtomicU64> {
    shared(fd).map(|place| &LINKS[place])
}

/// A number for the file, whichever of its descriptors is asked.
pub(super) fn number(fd: c_int) -> c_int {
    shared(fd).map_or(fd, |place| (MOST_FDS + place) as c_int)
}

/// Lets go of a descriptor, and says whether its file has others left.
pub(super) fn leaves_others(fd: c_int) -> bool {
    let Some(place) = shared(fd) else { return false };
    let left = |count: u32| (count > 1).then(|| count - 1);
    let leaves = COUNTS[place].try_update(Ordering::SeqCst, Ordering::SeqCst, left).is_ok();
    if leaves {
        forget(fd);
    }
    leaves
}

/// Ends what a file's last descriptor had to do with others, and says whether there were any.
pub(super) fn end(fd: c_int) -> bool {
    let Some(place) = shared(fd) else { return false };
    forget(fd);
    COUNTS[place].store(0, Ordering::SeqCst);
    true
}

fn forget(fd: c_int) {
    if let Some(place) = place_of(fd) {
        place.store(0, Ordering::SeqCst);
    }
}

/// After a fork, nothing is known.
pub(super) fn forget_all() {
    for place in PLACES.iter().chain(&COUNTS) {
        if place.load(Ordering::Relaxed) != 0 {
            place.store(0, Ordering::Relaxed);
        }
    }
    link::forget_all(&LINKS);
}

#[cfg(test)]
mod tests {
    use std::io::Error;
    use std::net::TcpListener;
    use std::os::fd::{AsRawFd as _, IntoRawFd as _};

    use super::link::Link;

    #[test]
    fn a_number_that_is_not_given_to_another_file_is_known_as_before() {
        crate::run(async || {
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            let known = Link::of(listener.as_raw_fd());
            assert_ne!(known, Link::default());

            // SAFETY: The call takes no pointers, and closes nothing.
            assert_eq!(unsafe { libc::dup2(-1, listener.as_raw_fd()) }, -1);
            assert_eq!(Error::last_os_error().raw_os_error(), Some(libc::EBADF));
            assert_eq!(Link::of(listener.as_raw_fd()), known);
        });
    }

    #[test]
    fn a_number_that_is_closed_as_a_stream_or_in_a_range_is_known_no_more() {
        let known = || {
            let fd = TcpListener::bind("127.0.0.1:0").unwrap().into_raw_fd();
            assert_ne!(Link::of(fd), Link::default());
            fd
        };
        crate::run(async || {
            // SAFETY: The descriptors are this test's own, and each is closed once.
            unsafe {
                let fd = known();
                let stream = libc::fdopen(fd, c"r".as_ptr());
                assert_eq!(libc::fclose(stream), 0);
                assert_eq!(Link::of(fd), Link::default());

                let fd = known();
                assert_eq!(libc::close_range(fd.cast_unsigned(), fd.cast_unsigned(), 0), 0);
                assert_eq!(Link::of(fd), Link::default());
            }
        });
    }
}
