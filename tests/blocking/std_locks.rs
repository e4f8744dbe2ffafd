//! Locks of std that are taken, and waits for somebody's news.

use std::sync::{Arc, Barrier, Condvar, Mutex, Once, OnceLock, RwLock};
use std::thread;
use std::time::Duration;

use standstill::blocking::Category::Locks;

use crate::counterpart::{held, in_a_second};
use crate::found::{at, one};

#[test]
fn mutex_lock() {
    one(Locks, "std::sync::Mutex::lock", async || {
        let mutex = held(Mutex::new(0), |mutex, nap| {
            let _held = mutex.lock().unwrap();
            nap();
        })
        .await;
        drop(at!(mutex.lock().unwrap()));
    });
}

#[test]
fn rw_lock_read() {
    one(Locks, "std::sync::RwLock::read", async || {
        let lock = held(RwLock::new(0), |lock, nap| {
            let _held = lock.write().unwrap();
            nap();
        })
        .await;
        drop(at!(lock.read().unwrap()));
    });
}

#[test]
fn rw_lock_write() {
    one(Locks, "std::sync::RwLock::write", async || {
        let lock = held(RwLock::new(0), |lock, nap| {
            let _held = lock.read().unwrap();
            nap();
        })
        .await;
        drop(at!(lock.write().unwrap()));
    });
}

/// A condition that holds in a second.
fn condition() -> Arc<(Mutex<bool>, Condvar)> {
    let condition = Arc::new((Mutex::new(false), Condvar::new()));
    let told = Arc::clone(&condition);
    in_a_second(move || {
        *told.0.lock().unwrap() = true;
        told.1.notify_all();
    });
    condition
}

#[test]
fn condvar_wait() {
    one(Locks, "std::sync::Condvar::wait", async || {
        let condition = condition();
        let guard = condition.0.lock().unwrap();
        drop(at!(condition.1.wait(guard).unwrap()));
    });
}

#[test]
fn condvar_wait_while() {
    one(Locks, "std::sync::Condvar::wait_while", async || {
        let condition = condition();
        let guard = condition.0.lock().unwrap();
        drop(at!(condition.1.wait_while(guard, |holds| !*holds).unwrap()));
    });
}

#[test]
fn condvar_wait_timeout() {
    one(Locks, "std::sync::Condvar::wait_timeout", async || {
        let (mutex, condvar) = (Mutex::new(()), Condvar::new());
        let guard = mutex.lock().unwrap();
        drop(at!(condvar.wait_timeout(guard, Duration::from_secs(1)).unwrap()));
    });
}

#[test]
fn condvar_wait_timeout_while() {
    one(Locks, "std::sync::Condvar::wait_timeout_while", async || {
        let (mutex, condvar, limit) = (Mutex::new(()), Condvar::new(), Duration::from_secs(1));
        let guard = mutex.lock().unwrap();
        drop(at!(condvar.wait_timeout_while(guard, limit, |()| true).unwrap()));
    });
}

#[test]
fn barrier_wait() {
    one(Locks, "std::sync::Barrier::wait", async || {
        let barrier = Arc::new(Barrier::new(2));
        let other = Arc::clone(&barrier);
        in_a_second(move || other.wait());
        at!(barrier.wait())
    });
}

#[test]
fn once_wait() {
    one(Locks, "std::sync::Once::wait", async || {
        let once = Arc::new(Once::new());
        let told = Arc::clone(&once);
        in_a_second(move || told.call_once(|| {}));
        at!(once.wait());
    });
}

#[test]
fn once_lock_wait() {
    one(Locks, "std::sync::OnceLock::wait", async || {
        let number = Arc::new(OnceLock::new());
        let told = Arc::clone(&number);
        in_a_second(move || told.set(7).unwrap());
        assert_eq!(*at!(number.wait()), 7);
    });
}

#[test]
fn thread_park() {
    one(Locks, "std::thread::park", async || {
        let parked = thread::current();
        in_a_second(move || parked.unpark());
        at!(thread::park());
    });
}

#[test]
fn thread_park_timeout() {
    one(Locks, "std::thread::park_timeout", async || at!(thread::park_timeout(Duration::from_secs(1))));
}
