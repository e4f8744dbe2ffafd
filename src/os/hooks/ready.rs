use std::ffi::{c_int, c_long, c_short};
use std::ptr;
use std::sync::atomic::{AtomicU32, Ordering};

use libc::{epoll_event, fd_set, nfds_t, pollfd, sigset_t, timespec, timeval};

use super::times::is_refused;
use super::{aside, in_nanos, judge, nanos, original};
use crate::os::{Fd, Member, Wait, Woken};

/// At what fraction of a millisecond each epoll descriptor was made: a runtime counts its milliseconds from there.
static PHASES: [AtomicU32; 1 << 16] = [const { AtomicU32::new(0) }; 1 << 16];

fn phase(epoll: c_int) -> Option<&'static AtomicU32> {
    PHASES.get(usize::try_from(epoll).ok()?)
}

pub(super) unsafe fn epoll_create1(member: Option<&dyn Member>, flags: c_int) -> c_int {
    // SAFETY: The call takes no pointers.
    let epoll = unsafe { original::epoll_create1(flags) };
    if let Some(phase) = phase(epoll) {
        let fraction = member.map_or(0, |member| member.monotonic() % MILLI);
        phase.store(fraction as u32, Ordering::Relaxed);
    }
    epoll
}

pub(super) unsafe fn epoll_wait(
    member: Option<&dyn Member>,
    epoll: c_int,
    events: *mut epoll_event,
    most: c_int,
    timeout: c_int,
) -> c_int {
    let Some(member) = member else {
        judge::oversee();
        // SAFETY: The caller's contract is the original's.
        return unsafe { original::epoll_wait(epoll, events, most, timeout) };
    };
    // SAFETY: The caller's contract is the original's.
    let ask = || unsafe { events_now(epoll, events, most, ptr::null()) };
    until_ready(member, "epoll_wait", millis(timeout), ticks(epoll), &epolled(epoll), ask)
}

pub(super) unsafe fn epoll_pwait(
    member: Option<&dyn Member>,
    epoll: c_int,
    events: *mut epoll_event,
    most: c_int,
    timeout: c_int,
    mask: *const sigset_t,
) -> c_int {
    let Some(member) = member else {
        judge::oversee();
        // SAFETY: The caller's contract is the original's.
        return unsafe { original::epoll_pwait(epoll, events, most, timeout, mask) };
    };
    // SAFETY: The caller's contract is the original's.
    let ask = || unsafe { events_now(epoll, events, most, mask) };
    until_ready(member, "epoll_wait", millis(timeout), ticks(epoll), &epolled(epoll), ask)
}

pub(super) unsafe fn epoll_pwait2(
    member: &dyn Member,
    epoll: c_int,
    events: *mut epoll_event,
    most: c_int,
    timeout: *const timespec,
    mask: *const sigset_t,
) -> c_int {
    // SAFETY: The caller's contract is the original's.
    if unsafe { is_refused(timeout) } {
        // SAFETY: As above.
        return unsafe { original::epoll_pwait2(epoll, events, most, timeout, mask) };
    }
    // SAFETY: As above.
    let ask = || unsafe { events_now(epoll, events, most, mask) };
    // SAFETY: As above.
    let most = unsafe { timeout.as_ref() }.map(nanos);
    until_ready(member, "epoll_wait", most, u64::saturating_add, &epolled(epoll), ask)
}

/// What is ready now. By its number: libc's function is dearer in a process of several threads, for a wait could be cancelled.
///
/// # Safety
///
/// As for `epoll_pwait`.
unsafe fn events_now(epoll: c_int, events: *mut epoll_event, most: c_int, mask: *const sigset_t) -> c_int {
    #[cfg(target_arch = "x86_64")]
    if mask.is_null() {
        // SAFETY: By the contract. It takes less than the other.
        return unsafe {
            original::syscall(libc::SYS_epoll_wait, epoll.into(), events as c_long, most.into(), 0, 0, 0) as c_int
        };
    }
    // SAFETY: By the contract; the size is that of the kernel's signal sets, of which libc's have the beginning.
    unsafe {
        original::syscall(
            libc::SYS_epoll_pwait,
            epoll.into(),
            events as c_long,
            most.into(),
            0,
            mask as c_long,
            KERNEL_SIGNALS,
        ) as c_int
    }
}

/// How large the kernel's set of signals is, in bytes.
const KERNEL_SIGNALS: c_long = 8;

pub(super) unsafe fn poll(member: &dyn Member, fds: *mut pollfd, count: nfds_t, timeout: c_int) -> c_int {
    // SAFETY: The caller's contract is the original's.
    unsafe {
        let ask = || original::poll(fds, count, 0);
        until_ready(member, "poll", millis(timeout), u64::saturating_add, &polled(fds, count), ask)
    }
}

pub(super) unsafe fn ppoll(
    member: &dyn Member,
    fds: *mut pollfd,
    count: nfds_t,
    timeout: *const timespec,
    mask: *const sigset_t,
) -> c_int {
    let none = timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: The caller's contract is the original's.
    unsafe {
        if is_refused(timeout) {
            return original::ppoll(fds, count, timeout, mask);
        }
        let ask = || original::ppoll(fds, count, &raw const none, mask);
        until_ready(member, "poll", timeout.as_ref().map(nanos), u64::saturating_add, &polled(fds, count), ask)
    }
}

pub(super) unsafe fn select(
    member: &dyn Member,
    count: c_int,
    read: *mut fd_set,
    write: *mut fd_set,
    error: *mut fd_set,
    timeout: *mut timeval,
) -> c_int {
    // SAFETY: The caller's timeout is null or valid.
    let most = unsafe { timeout.as_ref() }.map(in_nanos);
    let most = most.as_ref().map_or(ptr::null(), ptr::from_ref);
    // SAFETY: The caller's contract is the original's.
    unsafe { pselect(member, count, read, write, error, most, ptr::null()) }
}

pub(super) unsafe fn pselect(
    member: &dyn Member,
    count: c_int,
    read: *mut fd_set,
    write: *mut fd_set,
    error: *mut fd_set,
    timeout: *const timespec,
    mask: *const sigset_t,
) -> c_int {
    let none = timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: The caller's sets and timeout are null or valid.
    unsafe {
        if is_refused(timeout) {
            return original::pselect(count, read, write, error, timeout, mask);
        }
        let wanted = [read, write, error].map(|set| set.as_ref().copied());
        let fds = selected(count, &wanted);
        let ask = || {
            for (set, wanted) in [read, write, error].into_iter().zip(&wanted) {
                if let Some(wanted) = wanted {
                    *set = *wanted;
                }
            }
            original::pselect(count, read, write, error, &raw const none, mask)
        };
        until_ready(member, "select", timeout.as_ref().map(nanos), u64::saturating_add, &fds, ask)
    }
}

/// Asks until something is ready or the time is up; `most` is in nanoseconds, and `end` says when so many from an instant are over.
fn until_ready(
    member: &dyn Member,
    call: &'static str,
    most: Option<u64>,
    end: impl FnOnce(u64, u64) -> u64,
    fds: &[Fd],
    ask: impl Fn() -> c_int,
) -> c_int {
    member.stir();
    let ready = ask();
    if most == Some(0) {
        aside(|| member.turn());
    }
    if ready != 0 || most == Some(0) {
        return ready;
    }
    let deadline = most.map(|most| end(member.monotonic(), most));
    // When its time was up, all were at rest, with nothing ready: what others do at that instant is asked for next time.
    while aside(|| member.park(&Wait { call, fds, deadline, ..Wait::default() })) != Woken::TimedOut {
        let ready = ask();
        if ready != 0 {
            return ready;
        }
    }
    0
}

/// A runtime counts whole milliseconds from its start, and waits for so many: it means the tick, not a fraction past it.
fn ticks(epoll: c_int) -> impl FnOnce(u64, u64) -> u64 {
    let phase = phase(epoll).map_or(0, |phase| u64::from(phase.load(Ordering::Relaxed)));
    move |now, most| now.saturating_add(most - (now - phase) % MILLI)
}

fn epolled(epoll: c_int) -> [Fd; 1] {
    [Fd { number: epoll, events: libc::POLLIN }]
}

const MILLI: u64 = 1_000_000;

fn millis(timeout: c_int) -> Option<u64> {
    u64::try_from(timeout).ok().map(|millis| millis * MILLI)
}

/// # Safety
///
/// As for `poll`.
unsafe fn polled(fds: *mut pollfd, count: nfds_t) -> Vec<Fd> {
    if fds.is_null() {
        return Vec::new();
    }
    // SAFETY: By the contract, so many are valid.
    let fds = unsafe { std::slice::from_raw_parts(fds, usize::try_from(count).unwrap_or(0)) };
    fds.iter().filter(|fd| fd.fd >= 0).map(|fd| Fd { number: fd.fd, events: fd.events }).collect()
}

/// A program may have sets of more descriptors than libc's; those beyond are not waited for.
fn selected(count: c_int, [read, write, error]: &[Option<fd_set>; 3]) -> Vec<Fd> {
    let has = |set: &Option<fd_set>, number: c_int, event: c_short| match set {
        // SAFETY: The number is below the size of a set, as all are below.
        Some(set) if unsafe { libc::FD_ISSET(number, set) } => event,
        _ => 0,
    };
    (0..count.min(libc::FD_SETSIZE as c_int))
        .map(|number| Fd {
            number,
            events: has(read, number, libc::POLLIN)
                | has(write, number, libc::POLLOUT)
                | has(error, number, libc::POLLPRI),
        })
        .filter(|fd| fd.events != 0)
        .collect()
}
