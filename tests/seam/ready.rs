//! `poll` and its kin.

use std::io::{PipeReader, PipeWriter, Write as _, pipe};
use std::os::fd::AsRawFd as _;
use std::ptr;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use standstill::prelude::*;

use crate::c_time::timespec;
use crate::time_of;

fn wanted(reader: &PipeReader) -> libc::pollfd {
    libc::pollfd { fd: reader.as_raw_fd(), events: libc::POLLIN, revents: 0 }
}

fn write_after(seconds: u64, mut writer: PipeWriter) -> JoinHandle<PipeWriter> {
    thread::spawn(move || {
        thread::sleep(seconds.secs());
        writer.write_all(b"!").unwrap();
        writer
    })
}

#[async_test(blocking = "allow")]
async fn poll_ends_at_its_time_or_when_something_is_there() {
    let (reader, writer) = pipe().unwrap();
    let mut fds = [wanted(&reader)];
    unsafe {
        assert_eq!(time_of(|| libc::poll(fds.as_mut_ptr(), 1, 0)), (Duration::ZERO, 0));
        assert_eq!(time_of(|| libc::poll(fds.as_mut_ptr(), 1, 1500)), (1500.millis(), 0));
        assert_eq!(time_of(|| libc::poll(ptr::null_mut(), 0, 250)), (250.millis(), 0));
        let writing = write_after(3, writer);
        assert_eq!(time_of(|| libc::poll(fds.as_mut_ptr(), 1, -1)), (3.secs(), 1));
        assert_eq!(fds[0].revents, libc::POLLIN);
        drop(writing.join().unwrap());
    }
}

#[async_test(blocking = "allow")]
async fn ppoll_ends_to_the_nanosecond() {
    let (reader, writer) = pipe().unwrap();
    let mut fds = [wanted(&reader)];
    let most = timespec(Duration::new(1, 3));
    unsafe {
        let mut ppoll = || libc::ppoll(fds.as_mut_ptr(), 1, &raw const most, ptr::null());
        assert_eq!(time_of(&mut ppoll), (Duration::new(1, 3), 0));
        let writing = write_after(1, writer);
        assert_eq!(time_of(&mut ppoll), (1.secs(), 1));
        drop(writing.join().unwrap());
    }
}

#[async_test(blocking = "allow")]
async fn select_and_pselect_end_at_their_times_or_when_something_is_there() {
    let (reader, writer) = pipe().unwrap();
    let number = reader.as_raw_fd();
    let set = || unsafe {
        let mut set = std::mem::zeroed::<libc::fd_set>();
        libc::FD_SET(number, &raw mut set);
        set
    };
    let none = ptr::null_mut();
    unsafe {
        let select = |most: Duration| {
            let mut read = set();
            let mut most = libc::timeval { tv_sec: most.as_secs().cast_signed(), tv_usec: most.subsec_micros().into() };
            let ready = libc::select(number + 1, &raw mut read, none, none, &raw mut most);
            (ready, libc::FD_ISSET(number, &raw const read))
        };
        let pselect = |most: Duration| {
            let mut read = set();
            let most = timespec(most);
            let ready = libc::pselect(number + 1, &raw mut read, none, none, &raw const most, ptr::null());
            (ready, libc::FD_ISSET(number, &raw const read))
        };
        assert_eq!(
            time_of(|| select(Duration::from_micros(1_000_001))),
            (Duration::from_micros(1_000_001), (0, false))
        );
        assert_eq!(time_of(|| pselect(Duration::new(2, 1))), (Duration::new(2, 1), (0, false)));
        let writing = write_after(4, writer);
        assert_eq!(time_of(|| select(1.secs())), (1.secs(), (0, false)));
        assert_eq!(time_of(|| pselect(1.secs())), (1.secs(), (0, false)));
        assert_eq!(time_of(|| select(5.secs())), (2.secs(), (1, true)));
        assert_eq!(time_of(|| pselect(5.secs())), (Duration::ZERO, (1, true)));
        drop(writing.join().unwrap());
    }
}

#[async_test(blocking = "allow")]
async fn select_takes_sets_that_are_larger_than_libc_s() {
    let mut sets = [unsafe { std::mem::zeroed::<libc::fd_set>() }; 2];
    let count = 2 * i32::try_from(libc::FD_SETSIZE).unwrap();
    let mut most = libc::timeval { tv_sec: 2, tv_usec: 0 };

    let select = || unsafe { libc::select(count, sets.as_mut_ptr(), ptr::null_mut(), ptr::null_mut(), &raw mut most) };
    assert_eq!(time_of(select), (2.secs(), 0));
}

#[async_test(blocking = "allow")]
async fn epoll_ends_at_its_time_or_when_something_is_there() {
    unsafe extern "C" {
        fn epoll_pwait2(
            epoll: libc::c_int,
            events: *mut libc::epoll_event,
            most: libc::c_int,
            timeout: *const libc::timespec,
            mask: *const libc::sigset_t,
        ) -> libc::c_int;
    }
    let (reader, writer) = pipe().unwrap();
    unsafe {
        let epoll = libc::epoll_create1(libc::EPOLL_CLOEXEC);
        let mut event = libc::epoll_event { events: libc::EPOLLIN as u32, u64: 7 };
        assert_eq!(libc::epoll_ctl(epoll, libc::EPOLL_CTL_ADD, reader.as_raw_fd(), &raw mut event), 0);
        let most = timespec(Duration::new(1, 1));
        let mut pwait2 = || epoll_pwait2(epoll, &raw mut event, 1, &raw const most, ptr::null());
        assert_eq!(time_of(&mut pwait2), (Duration::new(1, 1), 0));
        let writing = write_after(2, writer);
        assert_eq!(time_of(&mut pwait2), (Duration::new(1, 1), 0));
        assert_eq!(time_of(&mut pwait2), (Duration::new(0, 999_999_999), 1));
        let mut wait = || libc::epoll_wait(epoll, &raw mut event, 1, -1);
        assert_eq!(time_of(&mut wait), (Duration::ZERO, 1));
        libc::close(epoll);
        drop(writing.join().unwrap());
    }
}

#[async_test(blocking = "allow")]
async fn the_checked_names_of_poll_and_ppoll_are_poll_and_ppoll() {
    unsafe extern "C" {
        fn __poll_chk(fds: *mut libc::pollfd, count: libc::nfds_t, timeout: libc::c_int, size: usize) -> libc::c_int;
        fn __ppoll_chk(
            fds: *mut libc::pollfd,
            count: libc::nfds_t,
            timeout: *const libc::timespec,
            mask: *const libc::sigset_t,
            size: usize,
        ) -> libc::c_int;
    }
    let (reader, _writer) = pipe().unwrap();
    let mut fds = [wanted(&reader)];
    let (size, most) = (size_of_val(&fds), timespec(2.secs()));
    unsafe {
        assert_eq!(time_of(|| __poll_chk(fds.as_mut_ptr(), 1, 1500, size)), (1500.millis(), 0));
        let polled = time_of(|| __ppoll_chk(fds.as_mut_ptr(), 1, &raw const most, ptr::null(), size));
        assert_eq!(polled, (2.secs(), 0));
    }
}

#[async_test(blocking = "allow")]
async fn a_wait_for_less_than_no_time_is_refused_as_by_libc() {
    let (wrong, none) = (libc::timespec { tv_sec: -1, tv_nsec: 0 }, std::ptr::null_mut::<libc::c_void>());
    let refused = || std::io::Error::last_os_error().raw_os_error();
    unsafe {
        assert_eq!((libc::ppoll(none.cast(), 0, &raw const wrong, none.cast()), refused()), (-1, Some(libc::EINVAL)));
        let (epoll, mut event) = (libc::epoll_create1(libc::EPOLL_CLOEXEC), std::mem::zeroed());
        let waited = libc::epoll_pwait2(epoll, &raw mut event, 1, &raw const wrong, none.cast());
        assert_eq!((waited, refused()), (-1, Some(libc::EINVAL)));
        assert_eq!(libc::close(epoll), 0);
        let selected = libc::pselect(0, none.cast(), none.cast(), none.cast(), &raw const wrong, none.cast());
        assert_eq!((selected, refused()), (-1, Some(libc::EINVAL)));
        let mut wrong = libc::timeval { tv_sec: 0, tv_usec: -1 };
        let selected = libc::select(0, none.cast(), none.cast(), none.cast(), &raw mut wrong);
        assert_eq!((selected, refused()), (-1, Some(libc::EINVAL)));
    }
}
