use std::ops::Range;
use std::ptr;
use std::sync::OnceLock;

use super::objects::{Object, objects};
use super::seat;

/// Whether an address is that of a `static`, which threads of any bubble, and of none, may share.
pub(crate) fn is_static(address: usize) -> bool {
    static WRITABLE: OnceLock<Vec<Range<usize>>> = OnceLock::new();

    WRITABLE.get_or_init(writable).iter().any(|range| range.contains(&address))
}

/// How far from its word `parking_lot` may keep the address of the lock.
const BESIDE: usize = 64;

/// How far from another thread-local its word may be.
const NEAR: usize = 64 * 1024;

/// Pages are no smaller.
const PAGE: usize = 4096;

/// Whether the calling thread, which is about to wait at a word, does so for a lock in a `static` that is elsewhere.
///
/// Each of `parking_lot`'s threads waits at a word in its thread-local storage, and keeps the address of the lock beside it.
pub(crate) fn is_for_static(word: usize) -> bool {
    let first = (word - word % size_of::<usize>()).saturating_sub(BESIDE);
    let beside = (first..word + BESIDE).step_by(size_of::<usize>());
    let mut on_page = beside.filter(|address| address / PAGE == word / PAGE);
    word.abs_diff(seat::address()) < NEAR
        && on_page.any(|address| {
            // SAFETY: The address is aligned, and on the page of a word that the thread waits at, so that it can be read. Whose it is,
            // and whether others write there, is not known: it is one load of the processor, and whatever it gives is compared only.
            is_static(unsafe { ptr::read_volatile(address as *const usize) })
        })
}

/// The parts of the program, and of the libraries that it started with, that stay writable.
fn writable() -> Vec<Range<usize>> {
    let parts_of = |object: Object| {
        let writable = object.parts.into_iter().filter(|part| part.is_writable).map(|part| part.place);
        // What is kept comes first in its part.
        writable.map(move |place| if place.contains(&object.kept.start) { object.kept.end..place.end } else { place })
    };
    objects().into_iter().flat_map(parts_of).collect()
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::sync::atomic::AtomicU32;

    use super::*;

    static LOCK: AtomicU32 = AtomicU32::new(0);

    #[test]
    fn a_static_that_can_be_written_is_one_and_a_table_of_functions_is_none() {
        static TABLE: &(dyn Send + Sync) = &0_u8;
        // SAFETY: A reference to a trait object is two addresses.
        let (_, table) = unsafe { std::mem::transmute::<&(dyn Send + Sync), (usize, usize)>(TABLE) };
        assert!(is_static(LOCK.as_ptr() as usize));
        assert!(!is_static(table));
        assert!(!is_static((&raw const table) as usize));
    }

    #[test]
    fn a_word_of_the_thread_s_own_is_for_the_static_whose_address_is_beside_it() {
        thread_local! {
            static OWN: (Cell<usize>, AtomicU32) = const { (Cell::new(0), AtomicU32::new(0)) };
        }

        OWN.with(|(key, word)| {
            key.set(1);
            assert!(!is_for_static(word.as_ptr() as usize));
            key.set(LOCK.as_ptr() as usize);
            assert!(is_for_static(word.as_ptr() as usize));
            // Nor is it asked of memory that is not the thread's own.
            let elsewhere = Box::new((LOCK.as_ptr() as usize, AtomicU32::new(0)));
            assert!(!is_for_static(elsewhere.1.as_ptr() as usize));
        });
    }
}
