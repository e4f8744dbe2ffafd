use std::collections::BTreeMap;
use std::time::Duration;

use crate::os::{self, Timer};

/// The timers that threads wait for as files, by their descriptors. Their instants are in nanoseconds since the bubble began.
#[derive(Default)]
pub(super) struct Timers(BTreeMap<i32, Running>);

struct Running {
    /// None: it does not run any more.
    timer: Option<Timer>,
    /// How often it has expired since the first time that was not read.
    missed: u64,
}

impl Timers {
    pub(super) fn set(&mut self, fd: i32, timer: Option<Timer>) {
        match timer {
            Some(timer) => _ = self.0.insert(fd, Running { timer: Some(timer), missed: 0 }),
            None => self.forget(fd),
        }
    }

    pub(super) fn forget(&mut self, fd: i32) {
        self.0.remove(&fd);
    }

    pub(super) fn get(&self, fd: i32) -> Option<Timer> {
        self.0.get(&fd)?.timer
    }

    pub(super) fn take_missed(&mut self, fd: i32) -> u64 {
        self.0.get_mut(&fd).map_or(0, |running| std::mem::take(&mut running.missed))
    }

    /// When the first of them expires.
    pub(super) fn next(&self) -> Option<u64> {
        self.0.values().filter_map(|running| Some(running.timer?.at)).min()
    }

    /// Has those expire whose time has come.
    pub(super) fn expire(&mut self, now: u64) {
        for (fd, running) in &mut self.0 {
            let Some(timer) = running.timer.filter(|timer| timer.at <= now) else { continue };
            let times = (now - timer.at).checked_div(timer.every).map_or(1, |more| more + 1);
            running.missed += times - u64::from(os::expire(*fd));
            let next = Timer { at: timer.at.saturating_add(times.saturating_mul(timer.every)), ..timer };
            running.timer = (timer.every > 0).then_some(next);
        }
    }

    /// Leaves those that run to the kernel.
    pub(super) fn hand_over(&self, now: u64) {
        for (fd, running) in &self.0 {
            if let Some(Timer { at, every }) = running.timer {
                os::hand_over(*fd, Duration::from_nanos(at.saturating_sub(now)), Duration::from_nanos(every));
            }
        }
    }
}
