use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering, fence};

/// So many wake-ups can be left at a time; where there are more, all members look again whether there is something to wait for.
const MANY: usize = 64;

/// Where those are who find the world locked.
///
/// A wake-up is left here rather than waited with: who has the world may wait for what the waker holds, such as a lock of
/// the program's allocator.
pub(super) struct Door {
    /// How many threads wait for the world. To the system they sleep, but they run.
    waiting: AtomicUsize,
    left: [Note; MANY],
    /// Raised after something was left, and taken down before it is looked for.
    is_any_left: AtomicBool,
    are_there_more: AtomicBool,
}

struct Note {
    address: AtomicUsize,
    most: AtomicUsize,
    /// The waker's bubble; 0 if it is in none.
    by: AtomicU32,
}

impl Note {
    const fn new() -> Self {
        Self { address: AtomicUsize::new(EMPTY), most: AtomicUsize::new(0), by: AtomicU32::new(0) }
    }

    /// Whether it is a wake-up of all on an address, by the same bubble: who finds one need not leave another, for it is seen to later.
    fn is_for_all(&self, address: usize, by: Option<u32>) -> bool {
        self.address.load(Ordering::SeqCst) == address
            && self.most.load(Ordering::Relaxed) == usize::MAX
            && self.by.load(Ordering::Relaxed) == by.unwrap_or(0)
    }
}

/// What an empty note has for its address, and one that is being written.
const EMPTY: usize = 0;
const TAKEN: usize = 1;

/// A wake-up that was left.
pub(super) enum Left {
    /// Up to so many of those who wait on an address, by a thread of that bubble, if of any.
    On { address: usize, most: usize, by: Option<u32> },
    /// All, on whatever they wait.
    All,
}

impl Door {
    pub(super) const fn new() -> Self {
        Self {
            waiting: AtomicUsize::new(0),
            left: [const { Note::new() }; MANY],
            is_any_left: AtomicBool::new(false),
            are_there_more: AtomicBool::new(false),
        }
    }

    /// Counts the calling thread as one that waits here.
    pub(super) fn wait<T>(&self, wait: impl FnOnce() -> T) -> T {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        let output = wait();
        self.waiting.fetch_sub(1, Ordering::SeqCst);
        output
    }

    /// Whether a thread waits here, or has left something.
    pub(super) fn is_anyone_here(&self) -> bool {
        self.waiting.load(Ordering::SeqCst) > 0 || self.is_any_left()
    }

    /// Leaves a wake-up. Whoever does so then tries to get in once more, for who was inside may just have looked.
    pub(super) fn leave(&self, address: usize, most: usize, by: Option<u32>) {
        let take =
            |note: &&Note| note.address.compare_exchange(EMPTY, TAKEN, Ordering::Acquire, Ordering::Relaxed).is_ok();
        if most < usize::MAX || !self.left.iter().any(|note| note.is_for_all(address, by)) {
            match self.left.iter().find(take) {
                Some(note) => {
                    note.most.store(most, Ordering::Relaxed);
                    note.by.store(by.unwrap_or(0), Ordering::Relaxed);
                    note.address.store(address, Ordering::Release);
                }
                None => self.are_there_more.store(true, Ordering::SeqCst),
            }
        }
        self.is_any_left.store(true, Ordering::SeqCst);
        fence(Ordering::SeqCst);
    }

    /// Whether something was left. Who has let go of the world asks, for nobody else may come.
    pub(super) fn is_any_left(&self) -> bool {
        fence(Ordering::SeqCst);
        self.is_any_left.load(Ordering::SeqCst)
    }

    /// Sees to all that was left. The caller has the world.
    pub(super) fn see_to_all(&self, mut see_to: impl FnMut(Left)) {
        // Mostly there is nothing, and reading is cheaper.
        if !self.is_any_left.load(Ordering::SeqCst) || !self.is_any_left.swap(false, Ordering::SeqCst) {
            return;
        }
        for note in &self.left {
            let address = note.address.load(Ordering::Acquire);
            if address > TAKEN {
                let by = Some(note.by.load(Ordering::Relaxed)).filter(|by| *by != 0);
                let most = note.most.load(Ordering::Relaxed);
                note.address.store(EMPTY, Ordering::SeqCst);
                see_to(Left::On { address, most, by });
            }
        }
        if self.are_there_more.swap(false, Ordering::SeqCst) {
            see_to(Left::All);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_wake_up_of_all_that_is_left_again_and_again_one_is_seen_to() {
        let door = Door::new();
        for _ in 0..=MANY {
            door.leave(4096, usize::MAX, None);
        }
        door.leave(4096, usize::MAX, Some(7));
        door.leave(4096, 1, None);
        door.leave(4096, 1, None);

        let mut seen = Vec::new();
        door.see_to_all(|left| match left {
            Left::On { address, most, by } => seen.push((address, most, by)),
            Left::All => panic!("there was room for what was left"),
        });
        assert_eq!(seen, [(4096, usize::MAX, None), (4096, usize::MAX, Some(7)), (4096, 1, None), (4096, 1, None)]);
    }
}
