//! Timers of the kernel that are waited for as files.

use std::ffi::{c_int, c_void};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use std::{fs, ptr};

use libc::{clockid_t, itimerspec, timespec};

use super::link::MOST_FDS;
use super::{aside, clock, original, valid};
use crate::os::polls::timespec as time;
use crate::os::{Fd, Member, Polls, Timer, host, is_ready};

/// Whether each descriptor's timer goes by a bubble's clock, or did when it was last set.
static ARE_SET: [AtomicBool; MOST_FDS] = [const { AtomicBool::new(false) }; MOST_FDS];

fn is_set(fd: c_int) -> Option<&'static AtomicBool> {
    ARE_SET.get(usize::try_from(fd).ok()?)
}

fn may_be_set(fd: c_int) -> bool {
    is_set(fd).is_some_and(|is_set| is_set.load(Ordering::Relaxed))
}

pub(super) unsafe fn settime(
    member: &dyn Member,
    fd: c_int,
    flags: c_int,
    new: *const itimerspec,
    old: *mut itimerspec,
) -> c_int {
    // SAFETY: The caller's contract is the original's.
    unsafe {
        let timer = new.as_ref().filter(|_| member.bubble() != 0).and_then(|new| timer(member, fd, flags, new));
        let is_stopped = new.as_ref().is_some_and(|new| valid(&raw const new.it_value) == Some(0));
        if timer.is_none() && !is_stopped {
            return original::timerfd_settime(fd, flags, new, old);
        }
        let Some(is_set) = is_set(fd) else { return original::timerfd_settime(fd, flags, new, old) };
        let before = aside(|| member.timer(fd));
        let result = original::timerfd_settime(fd, 0, &raw const NEVER, old);
        if result == 0 {
            if let (Some(before), Some(old)) = (before, old.as_mut()) {
                *old = left(member, &before);
            }
            is_set.store(true, Ordering::Relaxed);
            aside(|| member.set_timer(fd, timer));
        }
        result
    }
}

pub(super) unsafe fn gettime(member: &dyn Member, fd: c_int, current: *mut itimerspec) -> c_int {
    // SAFETY: The caller's contract is the original's.
    unsafe {
        match (current.as_mut(), aside(|| member.timer(fd))) {
            (Some(current), Some(timer)) => {
                *current = left(member, &timer);
                0
            }
            _ => original::timerfd_gettime(fd, current),
        }
    }
}

/// When a timer expires that is set so, unless that is never, or not for a bubble to say.
///
/// # Safety
///
/// As for `timerfd_settime`.
unsafe fn timer(member: &dyn Member, fd: c_int, flags: c_int, new: &itimerspec) -> Option<Timer> {
    // SAFETY: They are valid.
    let (value, every) = unsafe { (valid(&raw const new.it_value)?, valid(&raw const new.it_interval)?) };
    let at = match value {
        0 => return None,
        // SAFETY: As above.
        _ if flags & libc::TFD_TIMER_ABSTIME != 0 => unsafe {
            clock::deadline(member, aside(|| clock_of(fd))?, &raw const new.it_value)?
        },
        time => member.monotonic().saturating_add(time),
    };
    Some(Timer { at, every })
}

/// The clock of a timer, by what the kernel tells of the descriptor: `clockid: 1`.
fn clock_of(fd: c_int) -> Option<clockid_t> {
    let told = fs::read_to_string(format!("/proc/self/fdinfo/{fd}")).ok()?;
    let clock = told.lines().find_map(|line| line.strip_prefix("clockid:"))?.trim().parse().ok()?;
    Some(match clock {
        libc::CLOCK_REALTIME_ALARM => libc::CLOCK_REALTIME,
        libc::CLOCK_BOOTTIME_ALARM => libc::CLOCK_BOOTTIME,
        clock => clock,
    })
}

/// How a timer stands, as the kernel tells it.
fn left(member: &dyn Member, timer: &Timer) -> itimerspec {
    // One that is set is never told to have no time left.
    let left = timer.at.saturating_sub(member.monotonic()).max(1);
    itimerspec { it_interval: time(Duration::from_nanos(timer.every)), it_value: time(Duration::from_nanos(left)) }
}

/// Adds the expirations of a timer that the kernel does not know of to what was read.
///
/// # Safety
///
/// A number of eight bytes was read to the place.
pub(super) unsafe fn add_missed(member: &dyn Member, fd: c_int, read: *mut c_void) {
    if may_be_set(fd) {
        let missed = aside(|| member.missed(fd));
        if missed > 0 {
            let read = read.cast::<u64>();
            // SAFETY: By the contract.
            unsafe { read.write_unaligned(read.read_unaligned() + missed) };
        }
    }
}

/// Notes that a descriptor is about to be closed.
pub(super) fn closed(fd: c_int) {
    if is_set(fd).is_some_and(|is_set| is_set.swap(false, Ordering::Relaxed)) {
        aside(|| host().forget_timer(fd));
    }
}

/// After a fork no timer is a bubble's: who knows of them stayed behind, and may keep them locked for ever.
pub(super) fn forget_timers() {
    for is_set in ARE_SET.iter().filter(|is_set| is_set.load(Ordering::Relaxed)) {
        is_set.store(false, Ordering::Relaxed);
    }
}

/// Has the kernel let a timer expire, and says whether it did: not if the last time was not read yet.
pub(crate) fn expire(fd: c_int) -> bool {
    let expired = Fd { number: fd, events: libc::POLLIN };
    if is_ready(expired) {
        return false;
    }
    // SAFETY: The time is valid, and the kernel does not tell what was before.
    let is_there = unsafe { original::timerfd_settime(fd, 0, &raw const AT_ONCE, ptr::null_mut()) } == 0;
    // The kernel needs a moment for it.
    let mut polls = Polls::default();
    polls.add(&[expired]);
    is_there && polls.wait(Some(MOMENT))
}

/// Leaves a timer to the kernel.
pub(crate) fn hand_over(fd: c_int, left: Duration, every: Duration) {
    let left = itimerspec { it_interval: time(every), it_value: time(left.max(AN_INSTANT)) };
    // SAFETY: As above.
    unsafe { original::timerfd_settime(fd, 0, &raw const left, ptr::null_mut()) };
}

const AN_INSTANT: Duration = Duration::from_nanos(1);
const MOMENT: Duration = Duration::from_secs(1);

static NEVER: itimerspec = itimerspec { it_interval: ZERO, it_value: ZERO };
static AT_ONCE: itimerspec = itimerspec { it_interval: ZERO, it_value: timespec { tv_sec: 0, tv_nsec: 1 } };
const ZERO: timespec = timespec { tv_sec: 0, tv_nsec: 0 };

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::os::fd::{FromRawFd as _, OwnedFd};
    use std::thread;

    use super::*;
    use crate::os;

    #[test]
    fn who_closes_another_file_than_a_timer_waits_for_nobody_who_has_the_bubbles() {
        crate::run(async || {
            let hour = itimerspec { it_interval: ZERO, it_value: time(Duration::from_hours(1)) };
            // SAFETY: The descriptor is new, and the time valid.
            let _timer = unsafe {
                let fd = libc::timerfd_create(libc::CLOCK_MONOTONIC, libc::TFD_CLOEXEC);
                assert_eq!(libc::timerfd_settime(fd, 0, &raw const hour, ptr::null_mut()), 0);
                OwnedFd::from_raw_fd(fd)
            };
            os::inside(|| {
                // That is done by who has them.
                host().ring(0, None, &mut || {
                    let file = File::open("/dev/null").unwrap();
                    thread::spawn(|| drop(file)).join().unwrap();
                });
            });
        });
    }
}
