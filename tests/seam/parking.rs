//! `parking_lot`'s locks.

use std::thread;
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex, RwLock};
use standstill::prelude::*;

use crate::time_of;

#[async_test(blocking = "allow")]
async fn a_parking_lot_mutex_is_handed_over() {
    let mutex = Mutex::new(());
    let guard = mutex.lock();
    let spent = thread::scope(|scope| {
        let waiters: Vec<_> = (0..3).map(|_| scope.spawn(|| time_of(|| drop(mutex.lock())).0)).collect();
        thread::sleep(10.secs());
        drop(guard);
        waiters.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
    });
    assert_eq!(spent, [10.secs(); 3]);
}

#[async_test(blocking = "allow")]
async fn a_parking_lot_mutex_is_tried_for_so_long() {
    let mutex = Mutex::new(());
    let _guard = mutex.lock();
    thread::scope(|scope| {
        let (spent, got) = scope.spawn(|| time_of(|| mutex.try_lock_for(3.secs()).is_some())).join().unwrap();
        assert_eq!((spent, got), (3.secs(), false));
    });
}

#[async_test(blocking = "allow")]
async fn a_parking_lot_condvar_waits_for_so_long_or_until_then() {
    let (mutex, condvar) = (Mutex::new(()), Condvar::new());
    let mut guard = mutex.lock();

    let (spent, result) = time_of(|| condvar.wait_for(&mut guard, 5.secs()));
    assert_eq!((spent, result.timed_out()), (5.secs(), true));

    let then = Instant::now() + Duration::new(2, 1);
    let (spent, result) = time_of(|| condvar.wait_until(&mut guard, then));
    assert_eq!((spent, result.timed_out()), (Duration::new(2, 1), true));
}

#[async_test(blocking = "allow")]
async fn a_parking_lot_condvar_is_notified() {
    let (mutex, condvar) = (Mutex::new(false), Condvar::new());
    thread::scope(|scope| {
        scope.spawn(|| {
            thread::sleep(6.secs());
            *mutex.lock() = true;
            condvar.notify_all();
        });
        let spent = time_of(|| condvar.wait_while(&mut mutex.lock(), |done| !*done));
        assert_eq!(spent.0, 6.secs());
    });
}

#[async_test(blocking = "allow")]
async fn a_parking_lot_rwlock_lets_readers_in_after_the_writer() {
    let lock = RwLock::new(());
    let writing = lock.write();
    let spent = thread::scope(|scope| {
        let readers: Vec<_> = (0..3).map(|_| scope.spawn(|| time_of(|| drop(lock.read())).0)).collect();
        thread::sleep(8.secs());
        drop(writing);
        readers.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
    });
    assert_eq!(spent, [8.secs(); 3]);
}
