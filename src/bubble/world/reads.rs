use std::array;
use std::cell::Cell;
use std::cmp::Ordering;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use tokio::runtime::Handle;
use tokio::task;

/// After so many reads of the clock without rest, a thread that runs one task must be waiting for the clock to move.
const MOST: u32 = 100_000;

/// After so many reads it is asked which task runs.
const SAMPLE: u32 = 1_000;

/// So many reads each further task that was seen to run may have: a thousand tasks that each look at the clock do not spin.
const MORE: u32 = 10 * SAMPLE;

/// So many reads each task may have that was spawned meanwhile: who sets up a hundred thousand timers does not spin.
const MORE_BORN: u32 = 2;

/// No more of them count: a loop that spawns until time has passed must end.
const MOST_BORN: u32 = 500_000;

/// How often a thread has read the clock since it was last at rest, and in how many tasks.
///
/// It takes no memory while it counts: an allocator may be who reads the clock.
pub(super) struct Reads {
    count: Cell<u32>,
    /// A bit for each task that was seen to run, at a place that follows from its number.
    tasks: [Cell<u64>; 16],
    /// How many tasks its runtime had when that was last asked.
    alive: Cell<Option<usize>>,
    /// By how many they have become more.
    born: Cell<usize>,
}

/// How a thread reads the clock.
pub(super) enum Pace {
    Calm,
    /// By this read it is known to spin, after so many.
    BeginsToSpin {
        reads: u32,
    },
    /// It was known before this one.
    Spins,
}

impl Reads {
    pub(super) fn new() -> Self {
        Self {
            count: Cell::new(0),
            tasks: array::from_fn(|_| Cell::new(0)),
            alive: Cell::new(None),
            born: Cell::new(0),
        }
    }

    pub(super) fn forget(&self) {
        if self.count.replace(0) >= SAMPLE {
            self.tasks.iter().for_each(|tasks| tasks.set(0));
            self.alive.set(None);
            self.born.set(0);
        }
    }

    /// Counts one more, and says whether that is all there is to do, as it is nearly always; else the pace is to be asked for.
    #[inline]
    pub(super) fn add(&self) -> bool {
        let count = self.count.get().saturating_add(1);
        self.count.set(count);
        count < MOST && !count.is_multiple_of(SAMPLE)
    }

    #[cold]
    pub(super) fn pace(&self) -> Pace {
        let count = self.count.get();
        if count.is_multiple_of(SAMPLE) {
            self.see_task();
            self.see_births();
        }
        match count.cmp(&self.most()) {
            Ordering::Less => Pace::Calm,
            Ordering::Equal => Pace::BeginsToSpin { reads: count },
            Ordering::Greater => Pace::Spins,
        }
    }

    fn most(&self) -> u32 {
        let tasks: u32 = self.tasks.iter().map(|tasks| tasks.get().count_ones()).sum();
        let born = u32::try_from(self.born.get()).map_or(MOST_BORN, |born| born.min(MOST_BORN));
        MOST + MORE * tasks.saturating_sub(1) + MORE_BORN * born
    }

    fn see_task(&self) {
        let mut hasher = DefaultHasher::new();
        task::try_id().hash(&mut hasher);
        let [word, bit, ..] = hasher.finish().to_ne_bytes();
        let tasks = &self.tasks[usize::from(word % 16)];
        tasks.set(tasks.get() | 1 << (bit % 64));
    }

    fn see_births(&self) {
        let Ok(runtime) = Handle::try_current() else { return };
        let alive = runtime.metrics().num_alive_tasks();
        let before = self.alive.replace(Some(alive)).unwrap_or(alive);
        self.born.set(self.born.get() + alive.saturating_sub(before));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loop_that_spawns_for_ever_is_known_to_spin_in_the_end() {
        let reads = Reads::new();
        reads.born.set(usize::MAX);

        assert_eq!(reads.most(), 1_100_000);
    }
}
