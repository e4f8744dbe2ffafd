//! `parking_lot`, whose threads wait on futexes of their own.

use std::thread;
use std::time::Instant;

use parking_lot::{Condvar, Mutex, RwLock};
use standstill::prelude::*;

#[async_test(blocking = "allow")]
async fn a_condvar_waits_until_its_timeout() {
    let (mutex, condvar) = (Mutex::new(()), Condvar::new());

    assert!(condvar.wait_for(&mut mutex.lock(), 5.secs()).timed_out());
    assert_elapsed!(5.secs());

    assert!(condvar.wait_until(&mut mutex.lock(), Instant::now() + 5.secs()).timed_out());
    assert_elapsed!(10.secs());
}

#[async_test(blocking = "allow")]
async fn a_condvar_wakes_when_it_is_notified() {
    let (mutex, condvar) = (Mutex::new(()), Condvar::new());

    thread::scope(|scope| {
        let mut guard = mutex.lock();
        scope.spawn(|| {
            thread::sleep(2.secs());
            let _guard = mutex.lock();
            condvar.notify_one();
        });
        assert!(!condvar.wait_for(&mut guard, 5.secs()).timed_out());
        assert_elapsed!(2.secs());
    });
}

#[async_test(blocking = "allow")]
async fn a_lock_is_not_had_before_its_holder_lets_go() {
    let (begin, lock) = (Instant::now(), RwLock::new(7));

    thread::scope(|scope| {
        let guard = lock.write();
        let reading = scope.spawn(|| {
            assert!(lock.try_read_for(2.secs()).is_none());
            assert_eq!(begin.elapsed(), 2.secs());
            *lock.read()
        });
        thread::sleep(5.secs());
        drop(guard);
        assert_eq!(reading.join().unwrap(), 7);
        assert_elapsed!(5.secs());
    });
}
