use std::array;
use std::cell::Cell;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use tokio::task;

/// After so many reads of the clock without rest, a thread that runs one task must be waiting for the clock to move.
const MOST: u32 = 100_000;

/// After so many reads it is asked which task runs.
const SAMPLE: u32 = 1_000;

/// So many reads each further task that was seen to run may have: a thousand tasks that each look at the clock do not spin.
const MORE: u32 = 10 * SAMPLE;

/// How often a thread has read the clock since it was last at rest, and in how many tasks.
///
/// It takes no memory while it counts: an allocator may be who reads the clock.
pub(super) struct Reads {
    count: Cell<u32>,
    /// A bit for each task that was seen to run, at a place that follows from its number.
    tasks: [Cell<u64>; 16],
}

impl Reads {
    pub(super) fn new() -> Self {
        Self { count: Cell::new(0), tasks: array::from_fn(|_| Cell::new(0)) }
    }

    pub(super) fn forget(&self) {
        if self.count.replace(0) >= SAMPLE {
            self.tasks.iter().for_each(|tasks| tasks.set(0));
        }
    }

    /// Counts one more.
    pub(super) fn add(&self) {
        let count = self.count.get().saturating_add(1);
        self.count.set(count);
        if count.is_multiple_of(SAMPLE) {
            self.see_task();
        }
    }

    /// The count, if it is the first by which the thread spins.
    pub(super) fn spins_now(&self) -> Option<u32> {
        Some(self.count.get()).filter(|count| *count >= MOST && *count == self.most())
    }

    /// Whether the thread was known to spin before this read.
    pub(super) fn spins(&self) -> bool {
        self.count.get() > MOST && self.count.get() > self.most()
    }

    fn most(&self) -> u32 {
        let tasks: u32 = self.tasks.iter().map(|tasks| tasks.get().count_ones()).sum();
        MOST + MORE * tasks.saturating_sub(1)
    }

    fn see_task(&self) {
        let mut hasher = DefaultHasher::new();
        task::try_id().hash(&mut hasher);
        let [word, bit, ..] = hasher.finish().to_ne_bytes();
        let tasks = &self.tasks[usize::from(word % 16)];
        tasks.set(tasks.get() | 1 << (bit % 64));
    }
}
