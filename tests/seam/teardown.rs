//! A thread is a member until its last thread-local destructor has run.

use std::cell::RefCell;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use standstill::prelude::*;

use crate::time_of;

/// Does something when its thread ends.
struct AtEnd(Option<Box<dyn FnOnce()>>);

impl Drop for AtEnd {
    fn drop(&mut self) {
        if let Some(run) = self.0.take() {
            run();
        }
    }
}

thread_local! {
    static AT_END: RefCell<AtEnd> = const { RefCell::new(AtEnd(None)) };
}

fn at_end(run: impl FnOnce() + 'static) {
    AT_END.with_borrow_mut(|at_end| at_end.0 = Some(Box::new(run)));
}

#[async_test(blocking = "allow")]
async fn a_destructor_that_sends_comes_in_time() {
    for _ in 0..50 {
        let (sender, receiver) = channel();
        let thread = thread::spawn(move || at_end(move || sender.send(7).unwrap()));
        assert_eq!(time_of(|| receiver.recv_timeout(30.secs())), (Duration::ZERO, Ok(7)));
        thread.join().unwrap();
    }
}

#[async_test(blocking = "allow")]
async fn a_destructor_that_wakes_a_task_comes_in_time() {
    for _ in 0..50 {
        let (sender, receiver) = tokio::sync::oneshot::channel();
        thread::spawn(move || at_end(move || sender.send(7).unwrap()));
        assert_eq!(tokio::time::timeout(30.secs(), receiver).await.unwrap(), Ok(7));
    }
    standstill::assert_elapsed!(Duration::ZERO);
}

#[async_test(blocking = "allow")]
async fn a_destructor_sleeps_in_virtual_time() {
    let thread = thread::spawn(|| at_end(|| thread::sleep(5.secs())));
    assert_eq!(time_of(|| thread.join().unwrap()).0, 5.secs());
}

#[async_test(blocking = "allow")]
async fn a_destructor_waits_for_a_lock() {
    let mutex = Arc::new(Mutex::new(()));
    let guard = mutex.lock().unwrap();
    let thread = thread::spawn({
        let mutex = Arc::clone(&mutex);
        move || at_end(move || drop(mutex.lock().unwrap()))
    });
    thread::sleep(3.secs());
    drop(guard);
    assert_eq!(time_of(|| thread.join().unwrap()).0, Duration::ZERO);
}

#[async_test(blocking = "allow")]
async fn a_destructor_starts_a_member() {
    let (sender, receiver) = channel();
    let thread = thread::spawn(move || {
        at_end(move || {
            thread::spawn(move || {
                thread::sleep(4.secs());
                sender.send(Instant::now()).unwrap();
            });
        });
    });
    let began = Instant::now();
    let (spent, sent) = time_of(|| receiver.recv().unwrap());
    assert_eq!((spent, sent - began), (4.secs(), 4.secs()));
    thread.join().unwrap();
}

#[async_test(blocking = "allow")]
async fn a_detached_thread_that_ends_lets_the_clock_go_on() {
    let (sender, receiver): (Sender<()>, _) = channel();
    thread::spawn(move || at_end(move || thread::sleep(2.secs())));
    assert_eq!(time_of(|| receiver.recv_timeout(9.secs())), (9.secs(), Err(RecvTimeoutError::Timeout)));
    drop(sender);
}

#[test]
fn a_thread_that_outlives_its_bubble_goes_on_in_real_time() {
    let (sender, receiver) = channel();
    standstill::run(async move || {
        thread::spawn(move || {
            thread::sleep(2.millis());
            let began = Instant::now();
            thread::sleep(Duration::from_millis(3));
            sender.send(began.elapsed()).unwrap();
        });
    });
    assert!(receiver.recv().unwrap() >= Duration::from_millis(3));
}
