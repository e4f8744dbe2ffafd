//! A program whose allocator is built on C's mutexes, as jemalloc is: whoever waits inside it can neither allocate nor wait for
//! one that does.
#![cfg(all(feature = "os", target_os = "linux", target_env = "gnu"))]
#![expect(unsafe_code, reason = "allocators and C's mutexes are unsafe")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::UnsafeCell;
use std::mem::MaybeUninit;
use std::thread;
use std::time::{Duration, Instant};

use standstill::prelude::*;

struct Mutex(UnsafeCell<libc::pthread_mutex_t>);

// SAFETY: That is what it is for.
unsafe impl Sync for Mutex {}

impl Mutex {
    const fn new() -> Self {
        Self(UnsafeCell::new(libc::PTHREAD_MUTEX_INITIALIZER))
    }

    fn locked<T>(&self, run: impl FnOnce() -> T) -> T {
        // SAFETY: It is initialised, and stays where it is; `run` does not panic.
        unsafe {
            assert_eq!(libc::pthread_mutex_lock(self.0.get()), 0);
            let ran = run();
            assert_eq!(libc::pthread_mutex_unlock(self.0.get()), 0);
            ran
        }
    }
}

/// Lets go of one mutex while it holds another.
struct Locking {
    book: Mutex,
    pages: Mutex,
}

// SAFETY: It hands on to the system's.
unsafe impl GlobalAlloc for Locking {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        self.book.locked(|| {
            self.pages.locked(|| ());
            // SAFETY: The caller's contract is the same.
            unsafe { System.alloc(layout) }
        })
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        self.book.locked(|| {
            self.pages.locked(|| ());
            // SAFETY: As above.
            unsafe { System.dealloc(block, layout) }
        });
    }
}

#[global_allocator]
static ALLOCATOR: Locking = Locking { book: Mutex::new(), pages: Mutex::new() };

fn allocate() {
    drop((0..100).map(|number| vec![0_u8; number]).collect::<Vec<_>>());
}

/// Allocates and sleeps in turn.
fn work() {
    for _ in 0..100 {
        allocate();
        thread::sleep(1.millis());
    }
}

#[async_test]
async fn threads_that_allocate_at_once_are_in_virtual_time() {
    let start = Instant::now();
    let threads: Vec<_> = (0..16).map(|_| thread::spawn(work)).collect();
    let jobs: Vec<_> = (0..16).map(|_| tokio::task::spawn_blocking(work)).collect();

    for job in jobs {
        job.await.unwrap();
    }
    tokio::task::spawn_blocking(|| threads.into_iter().for_each(|thread| thread.join().unwrap())).await.unwrap();

    assert_eq!(start.elapsed(), 100.millis());
}

#[async_test(blocking = "deny")]
async fn waits_inside_the_allocator_are_no_findings() {
    let beside = tokio::task::spawn_blocking(work);
    for _ in 0..100 {
        allocate();
        tokio::time::sleep(1.millis()).await;
    }
    beside.await.unwrap();
}

static MUTEX: Mutex = Mutex::new();

/// Tries to lock it for so long.
fn lock_within(limit: Duration) -> i32 {
    let mut now = MaybeUninit::<libc::timespec>::uninit();
    // SAFETY: There is room for the time; the mutex is initialised.
    unsafe {
        libc::clock_gettime(libc::CLOCK_REALTIME, now.as_mut_ptr());
        let now = now.assume_init();
        let nanos = now.tv_nsec + i64::from(limit.subsec_nanos());
        let at = libc::timespec { tv_sec: now.tv_sec + nanos / 1_000_000_000, tv_nsec: nanos % 1_000_000_000 };
        libc::pthread_mutex_timedlock(MUTEX.0.get(), &raw const at)
    }
}

#[async_test(start_time = "2001-01-01T00:00:00Z")]
async fn a_mutex_of_c_is_waited_for_in_real_time() {
    let start = Instant::now();

    let tries = || MUTEX.locked(|| thread::spawn(|| lock_within(1.millis())).join().unwrap());
    assert_eq!(tokio::task::spawn_blocking(tries).await.unwrap(), libc::ETIMEDOUT);

    let hands_on = || MUTEX.locked(|| thread::spawn(|| MUTEX.locked(|| ()))).join().unwrap();
    tokio::task::spawn_blocking(hands_on).await.unwrap();

    assert_eq!(start.elapsed(), Duration::ZERO);
}
