//! Waits of no length.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Condvar, Mutex};
use std::thread;
use std::time::Duration;
use std::{io, ptr};

use super::quiet;

const NONE: Duration = Duration::ZERO;

#[test]
fn poll_with_a_timeout_of_zero() {
    let (reader, _writer) = io::pipe().unwrap();

    quiet(async || {
        let mut asked = libc::pollfd { fd: std::os::fd::AsRawFd::as_raw_fd(&reader), events: libc::POLLIN, revents: 0 };
        // SAFETY: There is one.
        assert_eq!(unsafe { libc::poll(&raw mut asked, 1, 0) }, 0);
    });
}

#[test]
fn select_with_a_timeout_of_zero() {
    quiet(async || {
        let mut timeout = libc::timeval { tv_sec: 0, tv_usec: 0 };
        // SAFETY: The sets may be null.
        let ready = unsafe { libc::select(0, ptr::null_mut(), ptr::null_mut(), ptr::null_mut(), &raw mut timeout) };
        assert_eq!(ready, 0);
    });
}

#[test]
fn ppoll_with_a_timeout_of_zero() {
    quiet(async || {
        let timeout = libc::timespec { tv_sec: 0, tv_nsec: 0 };
        // SAFETY: No descriptors are asked.
        assert_eq!(unsafe { libc::ppoll(ptr::null_mut(), 0, &raw const timeout, ptr::null()) }, 0);
    });
}

#[test]
fn sleep_of_zero() {
    quiet(async || thread::sleep(NONE));
}

#[test]
fn usleep_of_zero() {
    // SAFETY: The call takes no pointers.
    quiet(async || unsafe { libc::usleep(0) });
}

#[test]
fn sleep_until_an_instant_that_has_passed() {
    quiet(async || {
        let at = libc::timespec { tv_sec: 0, tv_nsec: 1 };
        // SAFETY: The instant is valid.
        unsafe { libc::clock_nanosleep(libc::CLOCK_MONOTONIC, libc::TIMER_ABSTIME, &raw const at, ptr::null_mut()) }
    });
}

#[test]
fn yield_now() {
    quiet(async || thread::yield_now());
}

#[test]
fn recv_timeout_of_zero() {
    let (_sender, receiver) = mpsc::channel::<()>();

    let received = quiet(async || receiver.recv_timeout(NONE));

    assert_eq!(received, Err(RecvTimeoutError::Timeout));
}

#[test]
fn recv_timeout_of_zero_of_crossbeam() {
    let (_sender, receiver) = crossbeam_channel::unbounded::<()>();

    assert!(quiet(async || receiver.recv_timeout(NONE)).is_err());
}

#[test]
fn park_timeout_of_zero() {
    quiet(async || thread::park_timeout(NONE));
}

#[test]
fn park_of_a_thread_that_was_unparked_before() {
    quiet(async || {
        thread::current().unpark();
        thread::park();
    });
}

#[test]
fn wait_timeout_of_zero() {
    let (mutex, condvar) = (Mutex::new(()), Condvar::new());

    quiet(async || drop(condvar.wait_timeout(mutex.lock().unwrap(), NONE).unwrap()));
}

#[test]
fn wait_while_nothing_is_to_be_waited_for() {
    let (mutex, condvar) = (Mutex::new(true), Condvar::new());

    quiet(async || drop(condvar.wait_while(mutex.lock().unwrap(), |is_closed| !*is_closed).unwrap()));
}
