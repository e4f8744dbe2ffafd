use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::bubble::{lock, say_aloud};
use crate::harness::{Identity, report};

/// Says on the real standard error how many runs are done: after a second, and then each time that as much again has gone by.
pub(super) struct Progress<'a> {
    test: &'a str,
    count: u64,
    start: Instant,
    state: Mutex<State>,
}

struct State {
    done: u64,
    next: Duration,
}

impl<'a> Progress<'a> {
    pub(super) fn new(test: &'a Identity, count: u64) -> Self {
        let state = Mutex::new(State { done: 0, next: Duration::from_secs(1) });
        Self { test: test.test(), count, start: Instant::now(), state }
    }

    /// Counts a run that is done.
    pub(super) fn step(&self) {
        let mut state = lock(&self.state);
        state.done += 1;
        let elapsed = self.start.elapsed();
        if state.done < self.count && elapsed >= state.next {
            state.next = elapsed * 2;
            say_aloud(&report::progress(self.test, state.done, self.count));
        }
    }
}
