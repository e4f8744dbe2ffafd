//! crossbeam's channels.

use std::thread;

use crossbeam_channel::{RecvTimeoutError, after, bounded, never, select, tick, unbounded};
use standstill::prelude::*;

use crate::time_of;

#[async_test(blocking = "allow")]
async fn a_crossbeam_receiver_waits_as_long_as_it_says() {
    let (_sender, receiver) = unbounded::<()>();
    let waited = time_of(|| receiver.recv_timeout(30.secs()));
    assert_eq!(waited, (30.secs(), Err(RecvTimeoutError::Timeout)));
}

#[async_test(blocking = "allow")]
async fn crossbeam_s_after_and_tick_come_at_their_times() {
    assert!(time_of(|| after(5.secs()).recv()).0 == 5.secs());
    let ticks = tick(2.secs());
    let spent: Vec<_> = (0..3).map(|_| time_of(|| ticks.recv().unwrap()).0).collect();
    assert_eq!(spent, [2.secs(); 3]);
}

#[async_test(blocking = "allow")]
async fn crossbeam_s_select_takes_what_comes_first() {
    let (sender, receiver) = bounded(0);
    let sending = thread::spawn(move || {
        thread::sleep(3.secs());
        sender.send("sent").unwrap();
    });
    let silent = never::<&str>();
    let (spent, got) = time_of(|| {
        select! {
            recv(receiver) -> got => got.unwrap(),
            recv(silent) -> got => got.unwrap(),
            recv(after(4.secs())) -> _ => "late",
        }
    });
    assert_eq!((spent, got), (3.secs(), "sent"));
    sending.join().unwrap();
}

#[async_test(blocking = "allow")]
async fn crossbeam_s_select_ends_by_default_at_its_time() {
    let silent = never::<()>();
    let (spent, ()) = time_of(|| {
        select! {
            recv(silent) -> _ => unreachable!(),
            default(9.secs()) => {}
        }
    });
    assert_eq!(spent, 9.secs());
}
