//! Locks of `parking_lot`.

use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use parking_lot::{Condvar, FairMutex, Mutex, MutexGuard, ReentrantMutex, RwLock, RwLockUpgradableReadGuard};
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

#[test]
fn parking_lot_mutex_try_lock_until() {
    one(Locks, "parking_lot::Mutex::try_lock_until", async || {
        let mutex = held(Mutex::new(0), |mutex, nap| {
            let _held = mutex.lock();
            nap();
        })
        .await;
        drop(at!(mutex.try_lock_until(Instant::now() + SECOND / 2)));
    });
}

#[test]
fn parking_lot_mutex_guard_unlocked() {
    let mutex = Arc::new(Mutex::new(0));
    one(Locks, "parking_lot::MutexGuard::unlocked", async || {
        let (other, (tell, told)) = (Arc::clone(&mutex), mpsc::channel());
        let takes = move || {
            let _held = other.lock();
            tell.send(()).unwrap();
            thread::sleep(SECOND);
        };
        let mut guard = mutex.lock();
        at!(MutexGuard::unlocked(&mut guard, || {
            thread::spawn(takes);
            while told.try_recv().is_err() {
                thread::yield_now();
            }
        }));
    });
}

#[test]
fn parking_lot_rw_lock_try_read_for() {
    one(Locks, "parking_lot::RwLock::try_read_for", async || {
        let lock = written().await;
        drop(at!(lock.try_read_for(SECOND / 2)));
    });
}

#[test]
fn parking_lot_rw_lock_try_write_until() {
    one(Locks, "parking_lot::RwLock::try_write_until", async || {
        let lock = written().await;
        drop(at!(lock.try_write_until(Instant::now() + SECOND / 2)));
    });
}

#[test]
fn parking_lot_rw_lock_upgrade() {
    one(Locks, "parking_lot::RwLockUpgradableReadGuard::upgrade", async || {
        let lock = held(RwLock::new(0), |lock, nap| {
            let _held = lock.read();
            nap();
        })
        .await;
        let guard = lock.upgradable_read();
        drop(at!(RwLockUpgradableReadGuard::upgrade(guard)));
    });
}

#[test]
fn parking_lot_condvar_wait_until() {
    one(Locks, "parking_lot::Condvar::wait_until", async || {
        let (mutex, condvar) = (Mutex::new(()), Condvar::new());
        at!(condvar.wait_until(&mut mutex.lock(), Instant::now() + SECOND))
    });
}

#[test]
fn parking_lot_condvar_wait_while_for() {
    one(Locks, "parking_lot::Condvar::wait_while_for", async || {
        let (mutex, condvar) = (Mutex::new(()), Condvar::new());
        at!(condvar.wait_while_for(&mut mutex.lock(), |()| true, SECOND))
    });
}
