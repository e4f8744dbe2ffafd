use std::sync::Barrier;
use std::sync::mpsc::{RecvTimeoutError, channel, sync_channel};
use std::thread;
use std::time::Duration;

use standstill::prelude::*;

use crate::time_of;

#[async_test(blocking = "allow")]
async fn a_thread_sleeps_to_the_nanosecond() {
    let requested = Duration::new(3, 141_592_653);
    assert_eq!(time_of(|| thread::sleep(requested)).0, requested);
}

#[async_test(blocking = "allow")]
async fn park_timeout_ends_at_its_time() {
    assert_eq!(time_of(|| thread::park_timeout(7.secs())).0, 7.secs());
}

#[async_test(blocking = "allow")]
async fn an_unparked_thread_goes_on_at_once() {
    let sleeper = thread::current();
    let waker = thread::spawn(move || {
        thread::sleep(2.secs());
        sleeper.unpark();
    });
    assert_eq!(time_of(thread::park).0, 2.secs());
    waker.join().unwrap();
}

#[async_test(blocking = "allow")]
async fn a_receiver_waits_as_long_as_it_says() {
    let (sender, receiver) = channel::<()>();
    let (spent, received) = time_of(|| receiver.recv_timeout(90.secs()));
    assert_eq!((spent, received), (90.secs(), Err(RecvTimeoutError::Timeout)));
    drop(sender);
}

#[async_test(blocking = "allow")]
async fn a_receiver_wakes_when_something_is_sent() {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        thread::sleep(3.secs());
        sender.send(7).unwrap();
    });
    assert_eq!(time_of(|| receiver.recv_timeout(1.hours())), (3.secs(), Ok(7)));
}

#[async_test(blocking = "allow")]
async fn a_rendezvous_takes_as_long_as_the_later_one() {
    let (sender, receiver) = sync_channel(0);
    let late = thread::spawn(move || {
        thread::sleep(4.secs());
        receiver.recv()
    });
    assert_eq!(time_of(|| sender.send(1)), (4.secs(), Ok(())));
    assert_eq!(late.join().unwrap(), Ok(1));
}

#[async_test(blocking = "allow")]
async fn a_full_channel_holds_its_sender_up() {
    let (sender, receiver) = sync_channel(2);
    let reader = thread::spawn(move || {
        for _ in 0..5 {
            thread::sleep(1.secs());
            receiver.recv().unwrap();
        }
        receiver
    });
    let sent: Vec<_> = (0..5).map(|number| time_of(|| sender.send(number).unwrap()).0.as_secs()).collect();
    assert_eq!(sent, [0, 0, 1, 1, 1]);
    drop(reader.join().unwrap());
}

#[async_test(blocking = "allow")]
async fn a_barrier_opens_when_the_last_one_comes() {
    let barrier = Barrier::new(4);
    let spent = thread::scope(|scope| {
        let come = |number: u64| {
            let barrier = &barrier;
            scope.spawn(move || {
                thread::sleep(number.secs());
                time_of(|| barrier.wait()).0
            })
        };
        let threads: Vec<_> = (0..4).map(come).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
    });
    assert_eq!(spent, [3.secs(), 2.secs(), 1.secs(), Duration::ZERO]);
}

#[async_test(blocking = "allow")]
async fn a_join_takes_as_long_as_the_thread() {
    let thread = thread::spawn(|| {
        thread::sleep(1.hours());
        "done"
    });
    let (spent, result) = time_of(|| thread.join().unwrap());
    assert_eq!((spent, result), (1.hours(), "done"));
}

#[async_test(blocking = "allow")]
async fn a_scope_takes_as_long_as_its_slowest_thread() {
    let spent = time_of(|| {
        thread::scope(|scope| {
            for number in 1..=5_u64 {
                scope.spawn(move || thread::sleep(number.secs()));
            }
        });
    });
    assert_eq!(spent.0, 5.secs());
}

#[async_test(blocking = "allow")]
async fn threads_of_threads_share_the_clock() {
    fn descend(depth: u64) -> Duration {
        thread::sleep(1.secs());
        if depth > 0 { time_of(|| thread::spawn(move || descend(depth - 1)).join().unwrap()).0 } else { Duration::ZERO }
    }
    assert_eq!(time_of(|| descend(5)), (6.secs(), 5.secs()));
}
