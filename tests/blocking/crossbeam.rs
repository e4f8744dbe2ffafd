//! Channels and other waits of `crossbeam`, and an executor inside another.

use std::thread;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Select, bounded, select, unbounded};
use crossbeam_utils::sync::{Parker, ShardedLock, WaitGroup};
use futures::executor::LocalPool;
use standstill::Builder;
use standstill::blocking::Category::{Joins, Locks, Sleeps};

use crate::counterpart::{held, in_a_second};
use crate::found::{at, found, one, place};

const SECOND: Duration = Duration::from_secs(1);

/// A channel in which there is something in a second.
fn told() -> Receiver<u32> {
    let (sender, receiver) = unbounded();
    in_a_second(move || sender.send(1).unwrap());
    receiver
}

#[test]
fn crossbeam_receiver_recv() {
    one(Locks, "crossbeam_channel::Receiver::recv", async || {
        let receiver = told();
        at!(receiver.recv().unwrap())
    });
}

#[test]
fn crossbeam_receiver_recv_timeout() {
    one(Locks, "crossbeam_channel::Receiver::recv_timeout", async || {
        let (_sender, receiver) = unbounded::<u32>();
        at!(receiver.recv_timeout(SECOND).unwrap_err())
    });
}

#[test]
fn crossbeam_receiver_iter() {
    one(Locks, "crossbeam_channel::Iter::next", async || {
        let receiver = told();
        at!(receiver.iter().next().unwrap())
    });
}

#[test]
fn crossbeam_sender_send() {
    one(Locks, "crossbeam_channel::Sender::send", async || {
        let (sender, receiver) = bounded(1);
        sender.send(1).unwrap();
        in_a_second(move || (receiver.recv().unwrap(), receiver.recv().unwrap()));
        at!(sender.send(2).unwrap());
    });
}

#[test]
fn crossbeam_sender_send_timeout() {
    let found = found(Locks, Builder::new(), async || {
        let (sender, _receiver) = bounded(0);
        at!(sender.send_timeout(2, SECOND).unwrap_err())
    });
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].place, place());
    // Optimised, its last call takes the place of its own frame.
    let call = &*found[0].call;
    assert!(["crossbeam_channel::Sender::send_timeout", "crossbeam_channel::Sender::send"].contains(&call), "{call}");
}

#[test]
fn crossbeam_after() {
    one(Sleeps, "crossbeam_channel::Receiver::recv", async || {
        let later = crossbeam_channel::after(SECOND);
        at!(later.recv().unwrap())
    });
}

#[test]
fn crossbeam_select_macro() {
    one(Locks, "crossbeam_channel::select", async || {
        let (first, second) = (told(), told());
        at!(select! { recv(first) -> number => number.unwrap(), recv(second) -> number => number.unwrap() })
    });
}

#[test]
fn crossbeam_select_ready() {
    one(Locks, "crossbeam_channel::Select::ready", async || {
        let receiver = told();
        let mut select = Select::new();
        select.recv(&receiver);
        at!(select.ready())
    });
}

#[test]
fn crossbeam_parker_park() {
    one(Locks, "crossbeam_utils::sync::Parker::park", async || {
        let parker = Parker::new();
        let unparker = parker.unparker().clone();
        in_a_second(move || unparker.unpark());
        at!(parker.park());
    });
}

#[test]
fn crossbeam_parker_park_timeout() {
    one(Locks, "crossbeam_utils::sync::Parker::park_timeout", async || {
        let parker = Parker::new();
        at!(parker.park_timeout(SECOND));
    });
}

#[test]
fn crossbeam_wait_group_wait() {
    one(Locks, "crossbeam_utils::sync::WaitGroup::wait", async || {
        let group = WaitGroup::new();
        let other = group.clone();
        in_a_second(move || drop(other));
        at!(group.wait());
    });
}

#[test]
fn crossbeam_sharded_lock_read() {
    one(Locks, "crossbeam_utils::sync::ShardedLock::read", async || {
        let lock = held(ShardedLock::new(0), |lock, nap| {
            let _held = lock.write().unwrap();
            nap();
        })
        .await;
        drop(at!(lock.read().unwrap()));
    });
}

#[test]
fn crossbeam_sharded_lock_write() {
    one(Locks, "crossbeam_utils::sync::ShardedLock::write", async || {
        let lock = held(ShardedLock::new(0), |lock, nap| {
            let _held = lock.read().unwrap();
            nap();
        })
        .await;
        drop(at!(lock.write().unwrap()));
    });
}

#[test]
fn futures_executor_block_on() {
    one(Locks, "futures::executor::block_on", async || {
        let (sender, receiver) = futures::channel::oneshot::channel();
        in_a_second(move || sender.send(1).unwrap());
        at!(futures::executor::block_on(receiver).unwrap())
    });
}

#[test]
fn futures_executor_local_pool() {
    one(Locks, "futures::executor::LocalPool::run_until", async || {
        let (sender, receiver) = futures::channel::oneshot::channel();
        in_a_second(move || sender.send(1).unwrap());
        at!(LocalPool::new().run_until(receiver).unwrap())
    });
}

#[test]
fn crossbeam_receiver_recv_deadline() {
    one(Locks, "crossbeam_channel::Receiver::recv_deadline", async || {
        let (_sender, receiver) = unbounded::<u32>();
        at!(receiver.recv_deadline(Instant::now() + SECOND).unwrap_err())
    });
}

#[test]
fn crossbeam_sender_send_deadline() {
    one(Locks, "crossbeam_channel::Sender::send_deadline", async || {
        let (sender, _receiver) = bounded(0);
        at!(sender.send_deadline(1, Instant::now() + SECOND).unwrap_err())
    });
}

#[test]
fn crossbeam_select_timeout() {
    one(Locks, "crossbeam_channel::Select::select_timeout", async || {
        let (_sender, receiver) = unbounded::<u32>();
        let mut select = Select::new();
        select.recv(&receiver);
        assert!(at!(select.select_timeout(SECOND)).is_err());
    });
}

#[test]
fn crossbeam_parker_park_deadline() {
    one(Locks, "crossbeam_utils::sync::Parker::park_deadline", async || {
        let parker = Parker::new();
        at!(parker.park_deadline(Instant::now() + SECOND));
    });
}

#[test]
fn crossbeam_thread_scope() {
    one(Joins, "crossbeam_utils::thread::scope", async || {
        at!(crossbeam_utils::thread::scope(|scope| drop(scope.spawn(|_| thread::sleep(SECOND)))).unwrap());
    });
}
