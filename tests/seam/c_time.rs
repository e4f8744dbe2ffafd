use std::mem::MaybeUninit;
use std::time::Duration;

use standstill::prelude::*;

use crate::time_of;

pub(crate) fn timespec(duration: Duration) -> libc::timespec {
    libc::timespec { tv_sec: duration.as_secs().cast_signed(), tv_nsec: duration.subsec_nanos().into() }
}

pub(crate) fn read(clock: libc::clockid_t) -> Duration {
    let mut time = timespec(Duration::ZERO);
    assert_eq!(unsafe { libc::clock_gettime(clock, &raw mut time) }, 0);
    Duration::new(time.tv_sec.cast_unsigned(), time.tv_nsec.try_into().unwrap())
}

const VIRTUAL: [libc::clockid_t; 7] = [
    libc::CLOCK_MONOTONIC,
    libc::CLOCK_MONOTONIC_RAW,
    libc::CLOCK_MONOTONIC_COARSE,
    libc::CLOCK_BOOTTIME,
    libc::CLOCK_REALTIME,
    libc::CLOCK_REALTIME_COARSE,
    libc::CLOCK_TAI,
];

#[async_test(blocking = "allow")]
async fn every_clock_moves_by_what_was_slept() {
    let before = VIRTUAL.map(read);
    std::thread::sleep(Duration::new(5, 7));
    for (before, after) in before.into_iter().zip(VIRTUAL.map(read)) {
        assert_eq!(after - before, Duration::new(5, 7));
    }
}

#[async_test(blocking = "allow")]
async fn time_and_gettimeofday_follow_the_clock() {
    let (seconds, micros) = (
        || unsafe { libc::time(std::ptr::null_mut()) },
        || {
            let mut time = MaybeUninit::<libc::timeval>::uninit();
            assert_eq!(unsafe { libc::gettimeofday(time.as_mut_ptr(), std::ptr::null_mut()) }, 0);
            let time = unsafe { time.assume_init() };
            Duration::new(time.tv_sec.cast_unsigned(), u32::try_from(time.tv_usec * 1000).unwrap())
        },
    );
    let before = (seconds(), micros());
    std::thread::sleep(1.hours());
    assert_eq!((seconds() - before.0, micros() - before.1), (3600, 1.hours()));
}

#[async_test(blocking = "allow")]
async fn cpu_time_stays_real() {
    let clocks = [libc::CLOCK_PROCESS_CPUTIME_ID, libc::CLOCK_THREAD_CPUTIME_ID];
    let before = clocks.map(read);
    std::thread::sleep(24.hours());
    let after = clocks.map(read);
    assert!(after[0] - before[0] < 24.hours() && after[1] - before[1] < 24.hours());
    while read(libc::CLOCK_THREAD_CPUTIME_ID) == after[1] {}
}

#[async_test(blocking = "allow")]
async fn each_of_c_s_sleeps_takes_as_long_as_it_says() {
    let request = timespec(Duration::new(1, 5));
    unsafe {
        assert_eq!(time_of(|| libc::nanosleep(&raw const request, std::ptr::null_mut())), (Duration::new(1, 5), 0));
        assert_eq!(time_of(|| libc::usleep(250_000)), (250.millis(), 0));
        assert_eq!(time_of(|| libc::sleep(3)), (3.secs(), 0));
        let none = std::ptr::null_mut();
        for clock in [libc::CLOCK_MONOTONIC, libc::CLOCK_REALTIME, libc::CLOCK_BOOTTIME] {
            let slept = time_of(|| libc::clock_nanosleep(clock, 0, &raw const request, none));
            assert_eq!(slept, (Duration::new(1, 5), 0));
            let then = timespec(read(clock) + 2.secs());
            let slept = time_of(|| libc::clock_nanosleep(clock, libc::TIMER_ABSTIME, &raw const then, none));
            assert_eq!(slept, (2.secs(), 0));
            let slept = time_of(|| libc::clock_nanosleep(clock, libc::TIMER_ABSTIME, &raw const then, none));
            assert_eq!(slept, (Duration::ZERO, 0));
        }
    }
}

#[async_test(blocking = "allow")]
async fn what_libc_refuses_is_refused() {
    let wrong = libc::timespec { tv_sec: 1, tv_nsec: 1_000_000_000 };
    let none = std::ptr::null_mut();
    unsafe {
        assert_eq!(libc::nanosleep(&raw const wrong, none), -1);
        assert_eq!(std::io::Error::last_os_error().raw_os_error(), Some(libc::EINVAL));
        assert_eq!(libc::clock_nanosleep(libc::CLOCK_MONOTONIC, 0, &raw const wrong, none), libc::EINVAL);
        assert_eq!(libc::clock_nanosleep(77, 0, &raw const wrong, none), libc::EINVAL);
        let mut time = timespec(Duration::ZERO);
        assert_eq!(libc::clock_gettime(77, &raw mut time), -1);
        assert_eq!(std::io::Error::last_os_error().raw_os_error(), Some(libc::EINVAL));
    }
}

#[async_test(start_time = "2026-02-28T23:59:58Z", blocking = "allow")]
async fn timespec_get_follows_the_clock() {
    unsafe extern "C" {
        fn timespec_get(time: *mut libc::timespec, base: libc::c_int) -> libc::c_int;
    }

    let mut time = timespec(Duration::ZERO);
    std::thread::sleep(5.secs());
    assert_eq!(unsafe { timespec_get(&raw mut time, 1) }, 1);
    assert_eq!((time.tv_sec, time.tv_nsec), (1_772_323_203, 0));
    assert_eq!(unsafe { timespec_get(&raw mut time, 7) }, 0);
}
