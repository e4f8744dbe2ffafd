use std::sync::{Condvar, LazyLock, Mutex, Once, OnceLock, RwLock};
use std::thread;
use std::time::Duration;

use standstill::prelude::*;

use crate::time_of;

/// How long each of three threads waits that begin at once.
fn three(wait: impl Fn() + Sync) -> Vec<Duration> {
    let mut spent = thread::scope(|scope| {
        let threads: Vec<_> = (0..3).map(|_| scope.spawn(|| time_of(&wait).0)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
    });
    spent.sort();
    spent
}

#[async_test(blocking = "allow")]
async fn a_mutex_goes_from_one_to_the_next() {
    let mutex = Mutex::new(());
    let spent = three(|| {
        let _guard = mutex.lock().unwrap();
        thread::sleep(2.secs());
    });
    assert_eq!(spent, [2.secs(), 4.secs(), 6.secs()]);
}

#[async_test(blocking = "allow")]
async fn three_wait_for_a_mutex_that_is_held_across_a_sleep() {
    let mutex = Mutex::new(());
    let guard = mutex.lock().unwrap();
    let spent = thread::scope(|scope| {
        let waiters: Vec<_> = (0..3).map(|_| scope.spawn(|| time_of(|| drop(mutex.lock().unwrap())).0)).collect();
        thread::sleep(10.secs());
        drop(guard);
        waiters.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
    });
    assert_eq!(spent, [10.secs(); 3]);
}

#[async_test(blocking = "allow")]
async fn a_condvar_s_wait_ends_at_its_time() {
    let (mutex, condvar) = (Mutex::new(()), Condvar::new());
    let guard = mutex.lock().unwrap();
    let (spent, (_guard, result)) = time_of(|| condvar.wait_timeout(guard, 5.secs()).unwrap());
    assert!(result.timed_out());
    assert_eq!(spent, 5.secs());
}

#[async_test(blocking = "allow")]
async fn a_condvar_wakes_one_or_all() {
    let (mutex, condvar) = (Mutex::new(0), Condvar::new());
    let wait = || {
        let mut tokens = condvar.wait_while(mutex.lock().unwrap(), |tokens| *tokens == 0).unwrap();
        *tokens -= 1;
    };
    let spent = thread::scope(|scope| {
        scope.spawn(|| {
            thread::sleep(1.secs());
            *mutex.lock().unwrap() += 1;
            condvar.notify_one();
            thread::sleep(1.secs());
            *mutex.lock().unwrap() += 2;
            condvar.notify_all();
        });
        three(wait)
    });
    assert_eq!(spent, [1.secs(), 2.secs(), 2.secs()]);
}

#[async_test(blocking = "allow")]
async fn readers_wait_for_the_writer_and_then_share() {
    let lock = RwLock::new(());
    let spent = thread::scope(|scope| {
        let writing = lock.write().unwrap();
        let readers = scope.spawn(|| {
            three(|| {
                let _reading = lock.read().unwrap();
                thread::sleep(3.secs());
            })
        });
        thread::sleep(4.secs());
        drop(writing);
        readers.join().unwrap()
    });
    assert_eq!(spent, [7.secs(); 3]);
}

#[async_test(blocking = "allow")]
async fn a_writer_waits_for_the_readers() {
    let lock = RwLock::new(());
    let spent = thread::scope(|scope| {
        let reading = lock.read().unwrap();
        let writer = scope.spawn(|| time_of(|| drop(lock.write().unwrap())).0);
        thread::sleep(4.secs());
        drop(reading);
        writer.join().unwrap()
    });
    assert_eq!(spent, 4.secs());
}

#[async_test(blocking = "allow")]
async fn all_wait_for_the_one_that_initialises() {
    let (once, cell) = (Once::new(), OnceLock::new());
    let spent = three(|| {
        once.call_once(|| thread::sleep(3.secs()));
        cell.get_or_init(|| thread::sleep(4.secs()));
    });
    assert_eq!(spent, [7.secs(); 3]);
}

#[async_test(blocking = "allow")]
async fn a_lazy_static_takes_time_once() {
    static SLOW: LazyLock<u32> = LazyLock::new(|| {
        thread::sleep(5.secs());
        7
    });
    assert_eq!(three(|| assert_eq!(*SLOW, 7)), [5.secs(); 3]);
    assert_eq!(time_of(|| *SLOW).0, Duration::ZERO);
}

#[async_test(blocking = "allow")]
async fn a_static_mutex_goes_from_one_to_the_next() {
    static MUTEX: Mutex<()> = Mutex::new(());
    let spent = three(|| {
        let _guard = MUTEX.lock().unwrap();
        thread::sleep(2.secs());
    });
    assert_eq!(spent, [2.secs(), 4.secs(), 6.secs()]);
}
