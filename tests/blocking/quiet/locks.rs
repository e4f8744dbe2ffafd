//! Locks that are free, and asking for locks and channels without a wait.

use std::cell::UnsafeCell;
use std::mem::MaybeUninit;
use std::sync::{Barrier, Condvar, Mutex, RwLock, mpsc};

use super::quiet;

#[test]
fn a_free_std_mutex() {
    let mutex = Mutex::new(0);

    quiet(async || *mutex.lock().unwrap() += 1);
}

#[test]
fn a_free_std_rwlock() {
    let rwlock = RwLock::new(0);

    quiet(async || {
        let (one, two) = (rwlock.read().unwrap(), rwlock.read().unwrap());
        drop((one, two));
        *rwlock.write().unwrap() += 1;
    });
}

#[test]
fn a_free_parking_lot_mutex() {
    let mutex = parking_lot::Mutex::new(0);

    quiet(async || *mutex.lock() += 1);
}

#[test]
fn a_free_parking_lot_rwlock() {
    let rwlock = parking_lot::RwLock::new(0);

    quiet(async || {
        drop((rwlock.read(), rwlock.read()));
        *rwlock.write() += 1;
    });
}

#[test]
fn a_parking_lot_reentrant_mutex_that_is_ours() {
    let mutex = parking_lot::ReentrantMutex::new(());

    quiet(async || drop((mutex.lock(), mutex.lock())));
}

#[test]
fn try_lock_of_a_std_mutex_that_is_taken() {
    let mutex = Mutex::new(());
    let _taken = mutex.lock().unwrap();

    quiet(async || assert!(mutex.try_lock().is_err()));
}

#[test]
fn try_read_and_try_write_of_a_std_rwlock_that_is_taken() {
    let rwlock = RwLock::new(());
    let _taken = rwlock.write().unwrap();

    quiet(async || assert!(rwlock.try_read().is_err() && rwlock.try_write().is_err()));
}

#[test]
fn try_lock_of_a_parking_lot_mutex_that_is_taken() {
    let mutex = parking_lot::Mutex::new(());
    let _taken = mutex.lock();

    quiet(async || assert!(mutex.try_lock().is_none()));
}

#[test]
fn try_read_and_try_write_of_a_parking_lot_rwlock_that_is_taken() {
    let rwlock = parking_lot::RwLock::new(());
    let _taken = rwlock.write();

    quiet(async || assert!(rwlock.try_read().is_none() && rwlock.try_write().is_none()));
}

#[test]
fn try_recv_of_an_empty_std_channel() {
    let (_sender, receiver) = mpsc::channel::<()>();

    quiet(async || assert!(receiver.try_recv().is_err()));
}

#[test]
fn try_send_to_a_full_std_channel() {
    let (sender, _receiver) = mpsc::sync_channel(1);

    quiet(async || {
        assert!(sender.try_send(1).is_ok());
        assert!(sender.try_send(2).is_err());
    });
}

#[test]
fn send_and_recv_of_a_std_channel_with_a_message_and_with_room() {
    let (sender, receiver) = mpsc::sync_channel(1);

    quiet(async || {
        sender.send("parcel").unwrap();
        assert_eq!(receiver.recv(), Ok("parcel"));
    });
}

#[test]
fn recv_of_a_std_channel_that_is_closed() {
    let (_, receiver) = mpsc::channel::<()>();

    quiet(async || assert!(receiver.recv().is_err()));
}

#[test]
fn try_recv_and_try_send_of_crossbeam() {
    let (sender, receiver) = crossbeam_channel::bounded(1);

    quiet(async || {
        assert!(receiver.try_recv().is_err());
        assert!(sender.try_send(1).is_ok());
        assert!(sender.try_send(2).is_err());
    });
}

#[test]
fn send_and_recv_of_crossbeam_with_a_message_and_with_room() {
    let (sender, receiver) = crossbeam_channel::bounded(1);

    quiet(async || {
        sender.send("parcel").unwrap();
        assert_eq!(receiver.recv(), Ok("parcel"));
    });
}

#[test]
fn a_select_of_crossbeam_with_a_default() {
    let (_sender, receiver) = crossbeam_channel::bounded::<()>(1);

    let is_ready = quiet(async || {
        crossbeam_channel::select! {
            recv(receiver) -> _ => true,
            default => false,
        }
    });

    assert!(!is_ready);
}

#[test]
fn a_barrier_for_one() {
    let barrier = Barrier::new(1);

    quiet(async || assert!(barrier.wait().is_leader()));
}

#[test]
fn notifying_a_condition_variable() {
    let condvar = Condvar::new();

    quiet(async || {
        condvar.notify_one();
        condvar.notify_all();
    });
}

/// A mutex of libc's, which its own thread may take again.
fn recursive() -> UnsafeCell<libc::pthread_mutex_t> {
    let mutex = UnsafeCell::new(libc::PTHREAD_MUTEX_INITIALIZER);
    let mut attributes = MaybeUninit::uninit();
    // SAFETY: Both are new.
    unsafe {
        libc::pthread_mutexattr_init(attributes.as_mut_ptr());
        libc::pthread_mutexattr_settype(attributes.as_mut_ptr(), libc::PTHREAD_MUTEX_RECURSIVE);
        libc::pthread_mutex_init(mutex.get(), attributes.as_ptr());
    }
    mutex
}

#[test]
fn a_free_pthread_mutex_and_one_that_is_ours() {
    let mutex = recursive();

    quiet(async || {
        // SAFETY: The mutex is valid, and not moved.
        unsafe {
            assert_eq!(libc::pthread_mutex_lock(mutex.get()), 0);
            assert_eq!(libc::pthread_mutex_lock(mutex.get()), 0);
            libc::pthread_mutex_unlock(mutex.get());
            libc::pthread_mutex_unlock(mutex.get());
        }
    });
}

#[test]
fn trying_a_pthread_mutex() {
    let mutex = recursive();

    // SAFETY: As above.
    quiet(async || unsafe {
        assert_eq!(libc::pthread_mutex_trylock(mutex.get()), 0);
        libc::pthread_mutex_unlock(mutex.get());
    });
}

#[test]
fn a_free_pthread_rwlock() {
    let rwlock = UnsafeCell::new(libc::PTHREAD_RWLOCK_INITIALIZER);

    // SAFETY: As above.
    quiet(async || unsafe {
        assert_eq!(libc::pthread_rwlock_rdlock(rwlock.get()), 0);
        assert_eq!(libc::pthread_rwlock_rdlock(rwlock.get()), 0);
        assert_eq!(libc::pthread_rwlock_trywrlock(rwlock.get()), libc::EBUSY);
        libc::pthread_rwlock_unlock(rwlock.get());
        libc::pthread_rwlock_unlock(rwlock.get());
        assert_eq!(libc::pthread_rwlock_wrlock(rwlock.get()), 0);
        libc::pthread_rwlock_unlock(rwlock.get());
    });
}

#[test]
fn a_semaphore_with_permits() {
    let mut semaphore = MaybeUninit::<libc::sem_t>::uninit();

    // SAFETY: It is initialised first.
    quiet(async || unsafe {
        assert_eq!(libc::sem_init(semaphore.as_mut_ptr(), 0, 1), 0);
        assert_eq!(libc::sem_wait(semaphore.as_mut_ptr()), 0);
        assert_eq!(libc::sem_trywait(semaphore.as_mut_ptr()), -1);
        libc::sem_destroy(semaphore.as_mut_ptr());
    });
}
