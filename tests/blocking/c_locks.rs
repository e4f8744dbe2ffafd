//! Locks of libc, as the libraries of C and C++ use them.

use std::cell::UnsafeCell;
use std::sync::Arc;

use standstill::blocking::Category::Locks;

use crate::counterpart::{for_a_second, in_a_second};
use crate::found::{at, one};

/// Something of libc's that stays where it is, and that threads share.
struct C<T>(UnsafeCell<T>);

unsafe impl<T> Sync for C<T> {}
unsafe impl<T> Send for C<T> {}

impl<T> C<T> {
    fn new(value: T) -> Arc<Self> {
        Arc::new(Self(UnsafeCell::new(value)))
    }

    fn get(&self) -> *mut T {
        self.0.get()
    }
}

/// A time of the system's clock, a second from now.
fn soon() -> libc::timespec {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    unsafe { libc::clock_gettime(libc::CLOCK_REALTIME, &raw mut time) };
    time.tv_sec += 1;
    time
}

async fn taken_mutex() -> Arc<C<libc::pthread_mutex_t>> {
    let mutex = C::new(libc::PTHREAD_MUTEX_INITIALIZER);
    let held = Arc::clone(&mutex);
    for_a_second(move |nap| unsafe {
        libc::pthread_mutex_lock(held.get());
        nap();
        libc::pthread_mutex_unlock(held.get());
    })
    .await;
    mutex
}

#[test]
fn pthread_mutex_lock() {
    one(Locks, "pthread_mutex_lock", async || {
        let mutex = taken_mutex().await;
        at!(unsafe { libc::pthread_mutex_lock(mutex.get()) })
    });
}

#[test]
fn pthread_mutex_timedlock() {
    one(Locks, "pthread_mutex_timedlock", async || {
        let (mutex, soon) = (taken_mutex().await, soon());
        at!(unsafe { libc::pthread_mutex_timedlock(mutex.get(), &raw const soon) })
    });
}

async fn written() -> Arc<C<libc::pthread_rwlock_t>> {
    let lock = C::new(libc::PTHREAD_RWLOCK_INITIALIZER);
    let held = Arc::clone(&lock);
    for_a_second(move |nap| unsafe {
        libc::pthread_rwlock_wrlock(held.get());
        nap();
        libc::pthread_rwlock_unlock(held.get());
    })
    .await;
    lock
}

#[test]
fn pthread_rwlock_rdlock() {
    one(Locks, "pthread_rwlock_rdlock", async || {
        let lock = written().await;
        at!(unsafe { libc::pthread_rwlock_rdlock(lock.get()) })
    });
}

#[test]
fn pthread_rwlock_wrlock() {
    one(Locks, "pthread_rwlock_wrlock", async || {
        let lock = written().await;
        at!(unsafe { libc::pthread_rwlock_wrlock(lock.get()) })
    });
}

#[test]
fn pthread_cond_wait() {
    one(Locks, "pthread_cond_wait", async || {
        let (condvar, mutex) = (C::new(libc::PTHREAD_COND_INITIALIZER), C::new(libc::PTHREAD_MUTEX_INITIALIZER));
        let told = Arc::clone(&condvar);
        in_a_second(move || unsafe { libc::pthread_cond_broadcast(told.get()) });
        unsafe { libc::pthread_mutex_lock(mutex.get()) };
        at!(unsafe { libc::pthread_cond_wait(condvar.get(), mutex.get()) })
    });
}

#[test]
fn pthread_cond_timedwait() {
    one(Locks, "pthread_cond_timedwait", async || {
        let (condvar, mutex) = (C::new(libc::PTHREAD_COND_INITIALIZER), C::new(libc::PTHREAD_MUTEX_INITIALIZER));
        unsafe { libc::pthread_mutex_lock(mutex.get()) };
        let soon = soon();
        at!(unsafe { libc::pthread_cond_timedwait(condvar.get(), mutex.get(), &raw const soon) })
    });
}

fn semaphore() -> Arc<C<libc::sem_t>> {
    let semaphore = C::new(unsafe { std::mem::zeroed() });
    unsafe { libc::sem_init(semaphore.get(), 0, 0) };
    semaphore
}

#[test]
fn sem_wait() {
    one(Locks, "sem_wait", async || {
        let semaphore = semaphore();
        let posted = Arc::clone(&semaphore);
        in_a_second(move || unsafe { libc::sem_post(posted.get()) });
        at!(unsafe { libc::sem_wait(semaphore.get()) })
    });
}

#[test]
fn sem_timedwait() {
    one(Locks, "sem_timedwait", async || {
        let (semaphore, soon) = (semaphore(), soon());
        at!(unsafe { libc::sem_timedwait(semaphore.get(), &raw const soon) })
    });
}

#[test]
fn pthread_barrier_wait() {
    one(Locks, "pthread_barrier_wait", async || {
        let barrier = C::new(unsafe { std::mem::zeroed() });
        unsafe { libc::pthread_barrier_init(barrier.get(), std::ptr::null(), 1) };
        at!(unsafe { libc::pthread_barrier_wait(barrier.get()) })
    });
}
