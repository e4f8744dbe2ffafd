//! Sleeps.

use std::thread;
use std::time::Duration;

use standstill::blocking::Category::Sleeps;

use crate::found::{at, one, times};

#[test]
fn thread_sleep() {
    one(Sleeps, "std::thread::sleep", async || at!(thread::sleep(Duration::from_secs(5))));
}

#[test]
fn libc_sleep() {
    one(Sleeps, "sleep", async || at!(unsafe { libc::sleep(1) }));
}

#[test]
fn libc_usleep() {
    one(Sleeps, "usleep", async || at!(unsafe { libc::usleep(1) }));
}

#[test]
fn libc_nanosleep() {
    let time = libc::timespec { tv_sec: 3600, tv_nsec: 0 };
    one(Sleeps, "nanosleep", async || at!(unsafe { libc::nanosleep(&raw const time, std::ptr::null_mut()) }));
}

#[test]
fn libc_clock_nanosleep() {
    let time = libc::timespec { tv_sec: 0, tv_nsec: 1 };
    one(Sleeps, "clock_nanosleep", async || {
        at!(unsafe { libc::clock_nanosleep(libc::CLOCK_MONOTONIC, 0, &raw const time, std::ptr::null_mut()) })
    });
}

#[test]
fn libc_poll_of_nothing() {
    one(Sleeps, "poll", async || at!(unsafe { libc::poll(std::ptr::null_mut(), 0, 1) }));
}

#[test]
fn libc_select_of_nothing() {
    let none = std::ptr::null_mut();
    one(Sleeps, "select", async || {
        let mut time = libc::timeval { tv_sec: 1, tv_usec: 0 };
        at!(unsafe { libc::select(0, none, none, none, &raw mut time) })
    });
}

#[test]
fn what_std_calls_from_several_of_its_lines_is_counted_each_time() {
    times(3, Sleeps, "std::thread::sleep", async || {
        vec![1, 2, 3].retain(|number| {
            at!(thread::sleep(Duration::from_secs(1)));
            *number > 1
        });
    });
}
