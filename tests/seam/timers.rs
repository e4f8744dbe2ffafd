//! The kernel's timers that are waited for as files.

use std::fs::File;
use std::io::Read as _;
use std::os::fd::{AsRawFd as _, FromRawFd as _};
use std::thread;
use std::time::Duration;

use standstill::{clock, prelude::*};
use tokio::io::unix::AsyncFd;

use crate::c_time::{read, timespec};
use crate::time_of;

struct Timer(File);

impl Timer {
    fn new(clock: libc::clockid_t, flags: i32) -> Self {
        let fd = unsafe { libc::timerfd_create(clock, flags | libc::TFD_CLOEXEC) };
        assert!(fd >= 0);
        Self(unsafe { File::from_raw_fd(fd) })
    }

    fn after(after: Duration, every: Duration) -> Self {
        let timer = Self::new(libc::CLOCK_MONOTONIC, 0);
        timer.set(0, after, every);
        timer
    }

    /// Gives how it was set before.
    fn set(&self, flags: i32, value: Duration, every: Duration) -> (Duration, Duration) {
        let new = libc::itimerspec { it_interval: timespec(every), it_value: timespec(value) };
        let mut old = new;
        assert_eq!(unsafe { libc::timerfd_settime(self.0.as_raw_fd(), flags, &raw const new, &raw mut old) }, 0);
        times(&old)
    }

    fn get(&self) -> (Duration, Duration) {
        let none = timespec(Duration::MAX / u32::MAX);
        let mut current = libc::itimerspec { it_interval: none, it_value: none };
        assert_eq!(unsafe { libc::timerfd_gettime(self.0.as_raw_fd(), &raw mut current) }, 0);
        times(&current)
    }

    /// How often it has expired since it was last asked; waits until it has.
    fn expirations(&self) -> u64 {
        let mut count = [0; 8];
        (&self.0).read_exact(&mut count).unwrap();
        u64::from_ne_bytes(count)
    }
}

/// What is left, and how long it takes each time.
fn times(set: &libc::itimerspec) -> (Duration, Duration) {
    let time = |time: libc::timespec| Duration::new(time.tv_sec.cast_unsigned(), time.tv_nsec.try_into().unwrap());
    (time(set.it_value), time(set.it_interval))
}

#[async_test(blocking = "allow")]
async fn a_timer_is_waited_for_on_the_bubble_s_clock() {
    let timer = Timer::after(Duration::new(3, 5), Duration::ZERO);

    assert_eq!(time_of(|| timer.expirations()), (Duration::new(3, 5), 1));
}

#[async_test(blocking = "allow")]
async fn a_timer_that_repeats_counts_how_often_it_was_missed() {
    let timer = Timer::after(3.secs(), 2.secs());

    assert_eq!(time_of(|| timer.expirations()), (3.secs(), 1));
    assert_eq!(time_of(|| timer.expirations()), (2.secs(), 1));
    thread::sleep(7.secs());
    assert_eq!(time_of(|| timer.expirations()), (0.secs(), 3));
    assert_eq!(time_of(|| timer.expirations()), (1.secs(), 1));
}

#[async_test(blocking = "allow")]
async fn a_year_of_missed_times_is_counted_at_once() {
    let timer = Timer::after(10.millis(), 10.millis());
    tokio::time::pause();
    tokio::time::advance(Duration::from_hours(365 * 24)).await;
    assert_elapsed!(Duration::from_hours(365 * 24));

    assert_eq!(timer.expirations(), 365 * 24 * 60 * 60 * 100);
}

#[async_test(blocking = "allow")]
async fn a_timer_tells_what_is_left_and_can_be_set_anew_or_stopped() {
    let timer = Timer::after(3.secs(), 2.secs());
    thread::sleep(1.secs());
    assert_eq!(timer.get(), (2.secs(), 2.secs()));
    assert_eq!(timer.set(0, 9.secs(), Duration::ZERO), (2.secs(), 2.secs()));
    thread::sleep(4.secs());
    assert_eq!(timer.set(0, Duration::ZERO, Duration::ZERO), (5.secs(), Duration::ZERO));
    assert_eq!(timer.get(), (Duration::ZERO, Duration::ZERO));

    let mut asked = libc::pollfd { fd: timer.0.as_raw_fd(), events: libc::POLLIN, revents: 0 };
    assert_eq!(time_of(|| unsafe { libc::poll(&raw mut asked, 1, 60_000) }), (60.secs(), 0));
}

#[async_test(start_time = "2026-02-28T23:59:58Z", blocking = "allow")]
async fn a_timer_may_be_set_to_an_instant_of_its_clock() {
    for clock in [libc::CLOCK_MONOTONIC, libc::CLOCK_REALTIME, libc::CLOCK_BOOTTIME] {
        let timer = Timer::new(clock, 0);
        timer.set(libc::TFD_TIMER_ABSTIME, read(clock) + 90.secs(), Duration::ZERO);
        assert_eq!(time_of(|| timer.expirations()), (90.secs(), 1));
        timer.set(libc::TFD_TIMER_ABSTIME, 1.secs(), Duration::ZERO);
        assert_eq!(time_of(|| timer.expirations()), (0.secs(), 1));
    }
}

#[async_test]
async fn a_runtime_waits_for_a_timer_as_for_a_socket() {
    let timer = Timer::new(libc::CLOCK_MONOTONIC, libc::TFD_NONBLOCK);
    timer.set(0, 90.secs(), Duration::ZERO);
    let timer = unsafe { AsyncFd::register(timer.0) }.unwrap();
    drop(timer.readable().await.unwrap());

    assert_elapsed!(90.secs());
}

#[async_test(blocking = "allow")]
async fn a_timer_that_is_closed_is_none() {
    drop(Timer::after(3.secs(), 2.secs()));
    let timer = Timer::new(libc::CLOCK_MONOTONIC, 0);
    timer.set(0, 10.secs(), Duration::ZERO);

    assert_eq!(time_of(|| timer.expirations()), (10.secs(), 1));
    assert_eq!(standstill::clock::jumps().len(), 1);
}

#[async_test(blocking = "allow")]
async fn a_timer_whose_number_is_given_to_another_file_is_over() {
    let timer = Timer::after(1.secs(), 1.secs());
    let zero = File::open("/dev/zero").unwrap();
    assert_eq!(unsafe { libc::dup2(zero.as_raw_fd(), timer.0.as_raw_fd()) }, timer.0.as_raw_fd());

    tokio::time::sleep(10.secs()).await;

    assert_eq!(clock::jumps(), [(0.secs(), 10.secs())]);
    assert_eq!(timer.expirations(), 0);
}

#[test]
fn a_timer_that_outlives_its_bubble_goes_on_in_real_time() {
    let timer = standstill::run(async || Timer::after(1.millis(), Duration::ZERO));

    assert_eq!(timer.expirations(), 1);
}

#[test]
fn outside_a_bubble_a_timer_is_the_kernel_s() {
    let timer = Timer::after(1.millis(), 1.millis());

    assert!(timer.get().0 <= 1.millis());
    assert!(timer.expirations() >= 1);
}
