use std::panic::Location;
use std::sync::Arc;

use crate::bubble::{self, Bubble, Event, lock};

/// Stops the clock until the guard is dropped.
///
/// What can run goes on running; only time does not pass, but by [`advance`](super::advance). A test that waits for time
/// meanwhile is stuck, and fails at once with a report that names this line. Freezes nest: the last guard to go thaws the clock.
///
/// # Panics
///
/// Panics outside a bubble, and on the real clock.
///
/// # Examples
///
/// ```
/// use standstill::{clock, prelude::*};
///
/// standstill::run(async || {
///     let task = tokio::spawn(tokio::time::sleep(1.secs()));
///
///     let frozen = clock::freeze();
///     clock::advance(999.millis()).await;
///     assert!(!task.is_finished());
///     clock::advance(1.millis()).await;
///     assert!(task.is_finished());
///     drop(frozen);
/// });
/// ```
#[track_caller]
#[must_use = "the clock is thawed as soon as the guard is dropped"]
pub fn freeze() -> Freeze {
    let place = Location::caller();
    let bubble = bubble::expect_virtual("clock::freeze");
    let number = {
        let mut freezes = lock(&bubble.freezes);
        let number = freezes.last().map_or(0, |(last, _)| last + 1);
        freezes.push((number, place));
        number
    };
    bubble.note(Event::Frozen { place });
    bubble.clock.freeze();
    Freeze { bubble, number }
}

/// Keeps the clock stopped. See [`freeze`].
pub struct Freeze {
    bubble: Arc<Bubble>,
    number: u64,
}

impl Drop for Freeze {
    fn drop(&mut self) {
        lock(&self.bubble.freezes).retain(|(number, _)| *number != self.number);
        self.bubble.note(Event::Thawed);
        self.bubble.clock.thaw();
    }
}

impl std::fmt::Debug for Freeze {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Freeze").finish_non_exhaustive()
    }
}
