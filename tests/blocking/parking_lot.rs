//! Locks of `parking_lot`.

use std::sync::Arc;
use std::time::Duration;

use parking_lot::{Condvar, FairMutex, Mutex, ReentrantMutex, RwLock};
use standstill::blocking::Category::Locks;

use crate::counterpart::{held, in_a_second};
use crate::found::{at, one};

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn parking_lot_mutex_lock() {
    one(Locks, "parking_lot::Mutex::lock", async || {
        let mutex = held(Mutex::new(0), |mutex, nap| {
            let _held = mutex.lock();
            nap();
        })
        .await;
        drop(at!(mutex.lock()));
    });
}

#[test]
fn parking_lot_mutex_try_lock_for() {
    one(Locks, "parking_lot::Mutex::try_lock_for", async || {
        let mutex = held(Mutex::new(0), |mutex, nap| {
            let _held = mutex.lock();
            nap();
        })
        .await;
        drop(at!(mutex.try_lock_for(SECOND)));
    });
}

#[test]
fn parking_lot_fair_mutex_lock() {
    one(Locks, "parking_lot::FairMutex::lock", async || {
        let mutex = held(FairMutex::new(0), |mutex, nap| {
            let _held = mutex.lock();
            nap();
        })
        .await;
        drop(at!(mutex.lock()));
    });
}

#[test]
fn parking_lot_reentrant_mutex_lock() {
    one(Locks, "parking_lot::ReentrantMutex::lock", async || {
        let mutex = held(ReentrantMutex::new(0), |mutex, nap| {
            let _held = mutex.lock();
            nap();
        })
        .await;
        drop(at!(mutex.lock()));
    });
}

/// A lock that is written to for a second.
async fn written() -> Arc<RwLock<u32>> {
    held(RwLock::new(0), |lock, nap| {
        let _held = lock.write();
        nap();
    })
    .await
}

#[test]
fn parking_lot_rw_lock_read() {
    one(Locks, "parking_lot::RwLock::read", async || {
        let lock = written().await;
        drop(at!(lock.read()));
    });
}

#[test]
fn parking_lot_rw_lock_write() {
    one(Locks, "parking_lot::RwLock::write", async || {
        let lock = written().await;
        drop(at!(lock.write()));
    });
}

#[test]
fn parking_lot_rw_lock_upgradable_read() {
    one(Locks, "parking_lot::RwLock::upgradable_read", async || {
        let lock = written().await;
        drop(at!(lock.upgradable_read()));
    });
}

#[test]
fn parking_lot_condvar_wait() {
    one(Locks, "parking_lot::Condvar::wait", async || {
        let condition = Arc::new((Mutex::new(()), Condvar::new()));
        let told = Arc::clone(&condition);
        in_a_second(move || told.1.notify_all());
        let mut guard = condition.0.lock();
        at!(condition.1.wait(&mut guard));
    });
}

#[test]
fn parking_lot_condvar_wait_while() {
    one(Locks, "parking_lot::Condvar::wait_while", async || {
        let condition = Arc::new((Mutex::new(false), Condvar::new()));
        let told = Arc::clone(&condition);
        in_a_second(move || {
            *told.0.lock() = true;
            told.1.notify_all();
        });
        let mut guard = condition.0.lock();
        at!(condition.1.wait_while(&mut guard, |holds| !*holds));
    });
}

#[test]
fn parking_lot_condvar_wait_for() {
    one(Locks, "parking_lot::Condvar::wait_for", async || {
        let (mutex, condvar) = (Mutex::new(()), Condvar::new());
        let mut guard = mutex.lock();
        at!(condvar.wait_for(&mut guard, SECOND));
    });
}
