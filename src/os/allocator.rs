use std::cell::Cell;
use std::hint::black_box;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether the program's allocator is built on C's mutexes, as jemalloc is.
///
/// A thread inside such an allocator can neither allocate nor wait for one that does: then those mutexes are left alone.
static LOCKS_MUTEXES: AtomicBool = AtomicBool::new(false);

thread_local! {
    /// Whether this thread does nothing but allocate.
    static IS_TRIED: Cell<bool> = const { Cell::new(false) };
}

/// Finds out, before there is any member, on a thread that has just begun: it has nothing of the allocator's at hand yet.
pub(super) fn try_out() {
    IS_TRIED.set(true);
    for size in [1 << 4, 1 << 12, 1 << 20, 1 << 24] {
        drop(black_box(Vec::<u8>::with_capacity(size)));
    }
    IS_TRIED.set(false);
}

/// Notes that the calling thread lets go of a mutex.
#[inline]
pub(super) fn note_unlock() {
    if IS_TRIED.get() {
        LOCKS_MUTEXES.store(true, Ordering::Relaxed);
    }
}

#[inline]
pub(super) fn locks_mutexes() -> bool {
    LOCKS_MUTEXES.load(Ordering::Relaxed)
}
