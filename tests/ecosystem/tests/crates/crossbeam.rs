//! crossbeam-channel: its timeouts and its timer channels.

use std::thread;
use std::time::Instant;

use crossbeam_channel::{RecvTimeoutError, after, bounded, select, tick, unbounded};
use standstill::prelude::*;

#[async_test(blocking = "allow")]
async fn a_receiver_gives_up_at_its_timeout() {
    let (_sender, receiver) = unbounded::<()>();

    assert_eq!(receiver.recv_timeout(5.secs()), Err(RecvTimeoutError::Timeout));
    assert_elapsed!(5.secs());
}

#[async_test(blocking = "allow")]
async fn after_and_tick_come_at_their_times() {
    let begin = Instant::now();

    assert_eq!(after(250.millis()).recv().unwrap() - begin, 250.millis());
    assert_elapsed!(250.millis());

    let ticks = tick(1.secs());
    for second in 1..=5 {
        ticks.recv().unwrap();
        assert_elapsed!(second.secs() + 250.millis());
    }
}

#[async_test(blocking = "allow")]
async fn a_select_takes_what_comes_first() {
    let (begin, (sender, receiver)) = (Instant::now(), bounded(0));
    let (ticks, deadline) = (tick(2.secs()), after(4500.millis()));

    let mut seen = Vec::new();
    thread::scope(|scope| {
        scope.spawn(|| {
            thread::sleep(3.secs());
            sender.send("order").unwrap();
        });
        loop {
            select! {
                recv(receiver) -> order => seen.push((order.unwrap(), begin.elapsed())),
                recv(ticks) -> _ => seen.push(("tick", begin.elapsed())),
                recv(deadline) -> _ => break,
            }
        }
    });

    assert_eq!(seen, [("tick", 2.secs()), ("order", 3.secs()), ("tick", 4.secs())]);
    assert_elapsed!(4500.millis());
}

#[async_test(blocking = "allow")]
async fn a_select_with_a_default_waits_so_long() {
    let (_sender, receiver) = unbounded::<()>();

    let came = select! {
        recv(receiver) -> _ => true,
        default(5.secs()) => false,
    };

    assert!(!came);
    assert_elapsed!(5.secs());
}
