//! Locks of libc, as C and C++ code uses them.

use std::cell::UnsafeCell;
use std::mem::MaybeUninit;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use standstill::prelude::*;

use crate::c_time::{read, timespec};
use crate::time_of;

/// Something of libc's that stays where it is, and that threads share.
struct C<T>(Box<UnsafeCell<T>>);

unsafe impl<T> Sync for C<T> {}
unsafe impl<T> Send for C<T> {}

impl<T> C<T> {
    fn new(value: T) -> Self {
        Self(Box::new(UnsafeCell::new(value)))
    }

    fn get(&self) -> *mut T {
        self.0.get()
    }
}

fn mutex(kind: i32) -> C<libc::pthread_mutex_t> {
    let mutex = C::new(libc::PTHREAD_MUTEX_INITIALIZER);
    let mut attributes = MaybeUninit::uninit();
    unsafe {
        libc::pthread_mutexattr_init(attributes.as_mut_ptr());
        libc::pthread_mutexattr_settype(attributes.as_mut_ptr(), kind);
        libc::pthread_mutex_init(mutex.get(), attributes.as_ptr());
    }
    mutex
}

fn condvar(clock: libc::clockid_t) -> C<libc::pthread_cond_t> {
    let condvar = C::new(libc::PTHREAD_COND_INITIALIZER);
    let mut attributes = MaybeUninit::uninit();
    unsafe {
        libc::pthread_condattr_init(attributes.as_mut_ptr());
        libc::pthread_condattr_setclock(attributes.as_mut_ptr(), clock);
        libc::pthread_cond_init(condvar.get(), attributes.as_ptr());
    }
    condvar
}

fn lock(mutex: &C<libc::pthread_mutex_t>) {
    assert_eq!(unsafe { libc::pthread_mutex_lock(mutex.get()) }, 0);
}

fn unlock(mutex: &C<libc::pthread_mutex_t>) {
    assert_eq!(unsafe { libc::pthread_mutex_unlock(mutex.get()) }, 0);
}

/// How long three threads take for what each does.
fn three(wait: impl Fn() + Sync) -> Vec<Duration> {
    let mut spent = thread::scope(|scope| {
        let threads: Vec<_> = (0..3).map(|_| scope.spawn(|| time_of(&wait).0)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
    });
    spent.sort();
    spent
}

#[async_test(blocking = "allow")]
async fn a_pthread_mutex_goes_from_one_to_the_next() {
    for kind in [libc::PTHREAD_MUTEX_NORMAL, libc::PTHREAD_MUTEX_RECURSIVE, libc::PTHREAD_MUTEX_ERRORCHECK] {
        let mutex = mutex(kind);
        let spent = three(|| {
            lock(&mutex);
            thread::sleep(2.secs());
            unlock(&mutex);
        });
        assert_eq!(spent, [2.secs(), 4.secs(), 6.secs()]);
    }
}

#[async_test(blocking = "allow")]
async fn an_errorcheck_mutex_knows_its_owner() {
    let mutex = mutex(libc::PTHREAD_MUTEX_ERRORCHECK);
    lock(&mutex);
    assert_eq!(unsafe { libc::pthread_mutex_lock(mutex.get()) }, libc::EDEADLK);
    thread::scope(|scope| {
        scope.spawn(|| assert_eq!(unsafe { libc::pthread_mutex_unlock(mutex.get()) }, libc::EPERM));
    });
    unlock(&mutex);
    assert_eq!(unsafe { libc::pthread_mutex_unlock(mutex.get()) }, libc::EPERM);
}

#[async_test(blocking = "allow")]
async fn a_recursive_mutex_is_free_after_the_last_unlock() {
    let mutex = mutex(libc::PTHREAD_MUTEX_RECURSIVE);
    lock(&mutex);
    lock(&mutex);
    thread::scope(|scope| {
        let waiter = scope.spawn(|| {
            let spent = time_of(|| lock(&mutex)).0;
            unlock(&mutex);
            spent
        });
        thread::sleep(1.secs());
        unlock(&mutex);
        thread::sleep(1.secs());
        unlock(&mutex);
        assert_eq!(waiter.join().unwrap(), 2.secs());
    });
}

#[async_test(blocking = "allow")]
async fn a_timed_lock_gives_up_at_its_time() {
    let mutex = mutex(libc::PTHREAD_MUTEX_NORMAL);
    lock(&mutex);
    thread::scope(|scope| {
        let late = scope.spawn(|| {
            let then = timespec(read(libc::CLOCK_REALTIME) + 3.secs());
            time_of(|| unsafe { libc::pthread_mutex_timedlock(mutex.get(), &raw const then) })
        });
        assert_eq!(late.join().unwrap(), (3.secs(), libc::ETIMEDOUT));
        let in_time = scope.spawn(|| {
            let then = timespec(read(libc::CLOCK_REALTIME) + 3.secs());
            let got = time_of(|| unsafe { libc::pthread_mutex_timedlock(mutex.get(), &raw const then) });
            unlock(&mutex);
            got
        });
        thread::sleep(2.secs());
        unlock(&mutex);
        assert_eq!(in_time.join().unwrap(), (2.secs(), 0));
    });
}

#[async_test(blocking = "allow")]
async fn a_timed_wait_ends_at_its_time_on_either_clock() {
    for clock in [libc::CLOCK_REALTIME, libc::CLOCK_MONOTONIC] {
        let (mutex, condvar) = (mutex(libc::PTHREAD_MUTEX_NORMAL), condvar(clock));
        lock(&mutex);
        for wait in [Duration::new(5, 3), Duration::ZERO] {
            let then = timespec(read(clock) + wait);
            let waited =
                time_of(|| unsafe { libc::pthread_cond_timedwait(condvar.get(), mutex.get(), &raw const then) });
            assert_eq!(waited, (wait, libc::ETIMEDOUT));
        }
        unlock(&mutex);
    }
}

#[async_test(blocking = "allow")]
async fn a_wait_gives_the_mutex_back() {
    let (mutex, condvar) = (mutex(libc::PTHREAD_MUTEX_ERRORCHECK), condvar(libc::CLOCK_REALTIME));
    thread::scope(|scope| {
        let waiter = scope.spawn(|| {
            lock(&mutex);
            let spent = time_of(|| unsafe { libc::pthread_cond_wait(condvar.get(), mutex.get()) });
            unlock(&mutex);
            spent
        });
        thread::sleep(1.secs());
        lock(&mutex);
        unsafe { libc::pthread_cond_signal(condvar.get()) };
        thread::sleep(2.secs());
        unlock(&mutex);
        assert_eq!(waiter.join().unwrap(), (3.secs(), 0));
    });
}

#[async_test(blocking = "allow")]
async fn a_signal_wakes_one_and_a_broadcast_all() {
    let (mutex, condvar) = (mutex(libc::PTHREAD_MUTEX_NORMAL), condvar(libc::CLOCK_MONOTONIC));
    let tokens = AtomicU32::new(0);
    let give = |count, wake: unsafe extern "C" fn(*mut libc::pthread_cond_t) -> i32| {
        lock(&mutex);
        tokens.fetch_add(count, Ordering::Relaxed);
        unsafe { wake(condvar.get()) };
        unlock(&mutex);
    };
    let spent = thread::scope(|scope| {
        scope.spawn(|| {
            thread::sleep(1.secs());
            give(1, libc::pthread_cond_signal);
            thread::sleep(1.secs());
            give(2, libc::pthread_cond_broadcast);
        });
        three(|| {
            lock(&mutex);
            while tokens.load(Ordering::Relaxed) == 0 {
                unsafe { libc::pthread_cond_wait(condvar.get(), mutex.get()) };
            }
            tokens.fetch_sub(1, Ordering::Relaxed);
            unlock(&mutex);
        })
    });
    assert_eq!(spent, [1.secs(), 2.secs(), 2.secs()]);
}

/// A number that is given from hand to hand under a lock of libc.
struct Turn {
    mutex: C<libc::pthread_mutex_t>,
    condvar: C<libc::pthread_cond_t>,
    number: AtomicU32,
}

impl Turn {
    fn new() -> Self {
        Self {
            mutex: mutex(libc::PTHREAD_MUTEX_NORMAL),
            condvar: condvar(libc::CLOCK_REALTIME),
            number: AtomicU32::new(0),
        }
    }

    /// Waits for a number, and gives the next.
    fn take(&self, number: u32) {
        lock(&self.mutex);
        while self.number.load(Ordering::Relaxed) != number {
            unsafe { libc::pthread_cond_wait(self.condvar.get(), self.mutex.get()) };
        }
        self.number.store(number + 1, Ordering::Relaxed);
        unsafe { libc::pthread_cond_broadcast(self.condvar.get()) };
        unlock(&self.mutex);
    }
}

#[test]
fn a_member_and_a_stranger_take_turns() {
    let turn = Turn::new();
    thread::scope(|scope| {
        scope.spawn(|| (0..200).for_each(|round| turn.take(2 * round)));
        let spent = standstill::run(async || {
            let _hold = standstill::clock::outside("a stranger takes turns with this test");
            time_of(|| (0..200).for_each(|round| turn.take(2 * round + 1))).0
        });
        assert_eq!(spent, Duration::ZERO);
    });
}

#[test]
fn a_stranger_s_mutex_is_got_when_it_begins_to_wait() {
    for _ in 0..50 {
        let (mutex, condvar, held, done) = (
            mutex(libc::PTHREAD_MUTEX_NORMAL),
            condvar(libc::CLOCK_REALTIME),
            AtomicBool::new(false),
            AtomicBool::new(false),
        );
        thread::scope(|scope| {
            scope.spawn(|| {
                lock(&mutex);
                held.store(true, Ordering::SeqCst);
                // Long enough that the member has come to wait, as a rule; the promise holds either way.
                thread::sleep(Duration::from_millis(1));
                while !done.load(Ordering::SeqCst) {
                    unsafe { libc::pthread_cond_wait(condvar.get(), mutex.get()) };
                }
                unlock(&mutex);
            });
            standstill::run(async || {
                while !held.load(Ordering::SeqCst) {
                    thread::yield_now();
                }
                assert_eq!(time_of(|| lock(&mutex)).0, Duration::ZERO);
                done.store(true, Ordering::SeqCst);
                unsafe { libc::pthread_cond_signal(condvar.get()) };
                unlock(&mutex);
            });
        });
    }
}

#[async_test(blocking = "allow")]
async fn a_pthread_rwlock_lets_readers_in_after_the_writer() {
    let rwlock = C::new(libc::PTHREAD_RWLOCK_INITIALIZER);
    let writing = || unsafe {
        assert_eq!(libc::pthread_rwlock_wrlock(rwlock.get()), 0);
        thread::sleep(2.secs());
        assert_eq!(libc::pthread_rwlock_unlock(rwlock.get()), 0);
    };
    let reading = || unsafe {
        assert_eq!(libc::pthread_rwlock_rdlock(rwlock.get()), 0);
        thread::sleep(3.secs());
        assert_eq!(libc::pthread_rwlock_unlock(rwlock.get()), 0);
    };
    assert_eq!(three(writing), [2.secs(), 4.secs(), 6.secs()]);
    assert_eq!(three(reading), [3.secs(); 3]);
    let spent = thread::scope(|scope| {
        scope.spawn(writing);
        thread::sleep(1.secs());
        three(reading)
    });
    assert_eq!(spent, [4.secs(); 3]);
}

#[async_test(blocking = "allow")]
async fn a_semaphore_gives_what_was_posted() {
    let semaphore = C::new(unsafe { std::mem::zeroed::<libc::sem_t>() });
    assert_eq!(unsafe { libc::sem_init(semaphore.get(), 0, 1) }, 0);
    let spent = thread::scope(|scope| {
        scope.spawn(|| {
            for _ in 0..2 {
                thread::sleep(1.secs());
                unsafe { libc::sem_post(semaphore.get()) };
            }
        });
        three(|| assert_eq!(unsafe { libc::sem_wait(semaphore.get()) }, 0))
    });
    assert_eq!(spent, [Duration::ZERO, 1.secs(), 2.secs()]);

    let then = timespec(read(libc::CLOCK_REALTIME) + 4.secs());
    let waited = time_of(|| unsafe { libc::sem_timedwait(semaphore.get(), &raw const then) });
    assert_eq!(waited, (4.secs(), -1));
    assert_eq!(std::io::Error::last_os_error().raw_os_error(), Some(libc::ETIMEDOUT));
}

#[async_test(blocking = "allow")]
async fn a_semaphore_that_is_posted_at_once_takes_no_time() {
    let semaphore = C::new(unsafe { std::mem::zeroed::<libc::sem_t>() });
    thread::scope(|scope| {
        scope.spawn(|| unsafe { libc::sem_post(semaphore.get()) });
        assert_eq!(time_of(|| unsafe { libc::sem_wait(semaphore.get()) }), (Duration::ZERO, 0));
    });
}
