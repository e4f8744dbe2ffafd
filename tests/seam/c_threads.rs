//! Threads that C starts.

use std::ffi::c_void;
use std::ptr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use standstill::prelude::*;

use crate::c_time::{read, timespec};
use crate::time_of;

type Routine = extern "C-unwind" fn(*mut c_void) -> *mut c_void;

fn start(routine: Routine, argument: *mut c_void) -> libc::pthread_t {
    let mut thread = 0;
    // An unwinding function only ends its thread, as `pthread_exit` does.
    let routine = unsafe { std::mem::transmute::<Routine, extern "C" fn(*mut c_void) -> *mut c_void>(routine) };
    assert_eq!(unsafe { libc::pthread_create(&raw mut thread, ptr::null(), routine, argument) }, 0);
    thread
}

fn join(thread: libc::pthread_t) -> usize {
    let mut result = ptr::null_mut();
    assert_eq!(unsafe { libc::pthread_join(thread, &raw mut result) }, 0);
    result as usize
}

extern "C-unwind" fn sleeps(argument: *mut c_void) -> *mut c_void {
    unsafe { libc::sleep(5) };
    argument
}

extern "C-unwind" fn exits(argument: *mut c_void) -> *mut c_void {
    unsafe extern "C-unwind" {
        fn pthread_exit(value: *mut c_void) -> !;
    }
    unsafe {
        libc::sleep(2);
        pthread_exit(argument)
    }
}

#[async_test(blocking = "allow")]
async fn a_c_thread_is_joined_with_its_result() {
    let thread = start(sleeps, 7 as *mut c_void);
    assert_eq!(time_of(|| join(thread)), (5.secs(), 7));
}

#[async_test(blocking = "allow")]
async fn a_c_thread_may_exit_in_the_middle() {
    let thread = start(exits, 8 as *mut c_void);
    assert_eq!(time_of(|| join(thread)), (2.secs(), 8));
}

#[async_test(blocking = "allow")]
async fn a_detached_thread_s_sleep_does_not_outlast_its_message() {
    static AT: AtomicU64 = AtomicU64::new(0);
    extern "C-unwind" fn sends(sender: *mut c_void) -> *mut c_void {
        let sender = unsafe { Box::from_raw(sender.cast::<std::sync::mpsc::Sender<Instant>>()) };
        unsafe { libc::sleep(9) };
        AT.store(1, Ordering::SeqCst);
        sender.send(Instant::now()).unwrap();
        ptr::null_mut()
    }
    let (sender, receiver) = channel::<Instant>();
    let began = Instant::now();
    let thread = start(sends, Box::into_raw(Box::new(sender)).cast());
    assert_eq!(unsafe { libc::pthread_detach(thread) }, 0);
    let (spent, ended) = time_of(|| receiver.recv_timeout(1.hours()).unwrap());
    assert_eq!((spent, ended - began), (9.secs(), 9.secs()));
    assert_eq!(AT.load(Ordering::SeqCst), 1);
}

unsafe extern "C" {
    fn pthread_timedjoin_np(
        thread: libc::pthread_t,
        result: *mut *mut c_void,
        at: *const libc::timespec,
    ) -> libc::c_int;
}

#[async_test(blocking = "allow")]
async fn a_timed_join_gives_up_at_its_time() {
    let thread = start(sleeps, ptr::null_mut());
    let mut result = ptr::null_mut();
    let then = timespec(read(libc::CLOCK_REALTIME) + 3.secs());
    let joined = time_of(|| unsafe { pthread_timedjoin_np(thread, &raw mut result, &raw const then) });
    assert_eq!(joined, (3.secs(), libc::ETIMEDOUT));
    assert_eq!(time_of(|| join(thread)).0, 2.secs());
}

#[async_test(blocking = "allow")]
async fn a_thousand_threads_come_and_go() {
    let spent = time_of(|| {
        for _ in 0..100 {
            let threads: Vec<_> = (0..10).map(|_| start(sleeps, ptr::null_mut())).collect();
            assert!(threads.into_iter().all(|thread| join(thread) == 0));
        }
    });
    assert_eq!(spent.0, Duration::from_secs(500));
}
