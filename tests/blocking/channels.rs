//! Channels of std.

use std::sync::mpsc::{Receiver, channel, sync_channel};
use std::time::Duration;

use standstill::blocking::Category::Locks;

use crate::counterpart::in_a_second;
use crate::found::{at, one};

/// A channel in which there is something in a second.
fn told() -> Receiver<u32> {
    let (sender, receiver) = channel();
    in_a_second(move || sender.send(1).unwrap());
    receiver
}

#[test]
fn receiver_recv() {
    one(Locks, "std::sync::mpsc::Receiver::recv", async || {
        let receiver = told();
        at!(receiver.recv().unwrap())
    });
}

#[test]
fn receiver_recv_of_a_bounded_channel() {
    one(Locks, "std::sync::mpsc::Receiver::recv", async || {
        let (sender, receiver) = sync_channel(1);
        in_a_second(move || sender.send(1).unwrap());
        at!(receiver.recv().unwrap())
    });
}

#[test]
fn receiver_recv_of_a_channel_without_room() {
    one(Locks, "std::sync::mpsc::Receiver::recv", async || {
        let (sender, receiver) = sync_channel(0);
        in_a_second(move || sender.send(1).unwrap());
        at!(receiver.recv().unwrap())
    });
}

#[test]
fn receiver_recv_timeout() {
    one(Locks, "std::sync::mpsc::Receiver::recv_timeout", async || {
        let (_sender, receiver) = channel::<u32>();
        at!(receiver.recv_timeout(Duration::from_secs(1)).unwrap_err())
    });
}

#[test]
fn receiver_iter() {
    one(Locks, "std::sync::mpsc::Iter::next", async || {
        let receiver = told();
        at!(receiver.iter().next().unwrap())
    });
}

#[test]
fn receiver_into_iter() {
    one(Locks, "std::sync::mpsc::IntoIter::next", async || {
        let mut received = told().into_iter();
        at!(received.next().unwrap())
    });
}

#[test]
fn receiver_in_a_for_loop() {
    one(Locks, "std::sync::mpsc::Iter::next", async || {
        let receiver = told();
        let mut sum = 0;
        // That its sender is gone may come later than what it sent.
        at!(for number in &receiver {
            sum += number;
            if sum == 1 {
                break;
            }
        });
        sum
    });
}

#[test]
fn sync_sender_send() {
    one(Locks, "std::sync::mpsc::SyncSender::send", async || {
        let (sender, receiver) = sync_channel(1);
        sender.send(1).unwrap();
        in_a_second(move || (receiver.recv().unwrap(), receiver.recv().unwrap()));
        at!(sender.send(2).unwrap());
    });
}

#[test]
fn sync_sender_send_to_a_channel_without_room() {
    one(Locks, "std::sync::mpsc::SyncSender::send", async || {
        let (sender, receiver) = sync_channel(0);
        in_a_second(move || receiver.recv().unwrap());
        at!(sender.send(2).unwrap());
    });
}
