use std::ffi::c_int;
use std::io;
use std::time::Duration;

use super::Fd;
use super::hooks::original;

/// Asks many file descriptors at once whether they are ready.
#[derive(Default)]
pub(crate) struct Polls {
    asked: Vec<libc::pollfd>,
}

impl Polls {
    pub(crate) fn clear(&mut self) {
        self.asked.clear();
    }

    pub(crate) fn add(&mut self, fds: &[Fd]) {
        self.asked.extend(fds.iter().map(|fd| libc::pollfd { fd: fd.number, events: fd.events, revents: 0 }));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.asked.is_empty()
    }

    /// Asks these and no others, and says whether any is ready now.
    pub(crate) fn is_any_ready(&mut self, fds: &[Fd]) -> bool {
        self.clear();
        self.add(fds);
        !self.is_empty() && self.any_ready()
    }

    /// Says whether any is ready now.
    pub(crate) fn any_ready(&mut self) -> bool {
        ask(&mut self.asked)
    }

    /// Waits, in real time, until one is ready.
    pub(crate) fn wait(&mut self, at_most: Option<Duration>) -> bool {
        // A signal ends a wait early, with no fd ready, which callers take for the time being up: they look again.
        poll(&mut self.asked, at_most) > 0
    }

    /// Whether the one at a place was ready.
    pub(crate) fn is_ready(&self, place: usize) -> bool {
        self.asked[place].revents != 0
    }
}

/// A duration as the system takes it; one that is too long is as long as can be.
pub(super) fn timespec(time: Duration) -> libc::timespec {
    libc::timespec {
        tv_sec: time.as_secs().try_into().unwrap_or(libc::time_t::MAX),
        tv_nsec: time.subsec_nanos().into(),
    }
}

fn poll(fds: &mut [libc::pollfd], at_most: Option<Duration>) -> c_int {
    let timeout = at_most.map(timespec);
    let timeout = timeout.as_ref().map_or(std::ptr::null(), std::ptr::from_ref);
    // SAFETY: The slice is valid for its length, the timeout is null or valid, and there is no signal mask.
    unsafe { original::ppoll(fds.as_mut_ptr(), fds.len() as libc::nfds_t, timeout, std::ptr::null()) }
}

/// Says whether one file descriptor is ready now.
pub(crate) fn is_ready(fd: Fd) -> bool {
    ask(&mut [libc::pollfd { fd: fd.number, events: fd.events, revents: 0 }])
}

fn ask(fds: &mut [libc::pollfd]) -> bool {
    loop {
        let ready = poll(fds, Some(Duration::ZERO));
        // Of a signal that came in between, nothing is learnt.
        if ready >= 0 || io::Error::last_os_error().kind() != io::ErrorKind::Interrupted {
            return ready > 0;
        }
    }
}
