use std::sync::{Arc, Mutex, Weak};
use std::time::{Duration, Instant};

use crate::bubble::{self, Bubble, Complaint, Did, Log, Mocked, lock};

/// Where a mock's calls are noted: in its bubble's log, or outside a bubble in one of its own.
pub(super) struct Home {
    log: Arc<Mutex<Log>>,
    clock: Clock,
    /// The mock's number in the log.
    number: u32,
}

enum Clock {
    Bubble(Weak<Bubble>),
    Real(Instant),
}

impl Home {
    pub(super) fn new(mock: Weak<dyn Mocked>) -> Self {
        let Some(bubble) = bubble::current() else {
            let log = Arc::new(Mutex::new(Log::new(false)));
            let number = lock(&log).introduce(mock);
            return Self { log, clock: Clock::Real(Instant::now()), number };
        };
        let log = bubble.shared_log();
        let number = lock(&log).introduce(Weak::clone(&mock));
        bubble.mocks.enter(number, mock);
        Self { log, clock: Clock::Bubble(Arc::downgrade(&bubble)), number }
    }

    pub(super) fn bubble(&self) -> Option<Arc<Bubble>> {
        match &self.clock {
            Clock::Bubble(bubble) => bubble.upgrade(),
            Clock::Real(_) => None,
        }
    }

    /// Whether the calling code is in another test than the mock.
    pub(super) fn is_elsewhere(&self) -> bool {
        match &self.clock {
            Clock::Bubble(home) => {
                home.strong_count() == 0
                    || bubble::current().is_some_and(|here| !std::ptr::eq(home.as_ptr(), Arc::as_ptr(&here)))
            }
            Clock::Real(_) => false,
        }
    }

    pub(super) fn is_in_bubble(&self) -> bool {
        matches!(self.clock, Clock::Bubble(_))
    }

    pub(super) fn note(&self, at: Duration, call: u32, did: &[Did]) {
        let mut log = lock(&self.log);
        for did in did {
            log.note_call(at, self.number, call, *did);
        }
    }

    /// Notes the start of a call that was to be noted as a whole, and goes wrong.
    pub(super) fn note_start(&self, call: u32) {
        if !self.events().iter().any(|(_, noted, _)| *noted == call) {
            self.note(self.now(), call, &[Did::Call, Did::Poll]);
        }
    }

    pub(super) fn now(&self) -> Duration {
        let now = match &self.clock {
            Clock::Bubble(bubble) => bubble.upgrade().map(|bubble| bubble.now()),
            Clock::Real(start) => Some(start.elapsed()),
        };
        // A bubble that is over has no clock any more.
        now.unwrap_or_else(|| lock(&self.log).latest())
    }

    /// Whether a call, of that number or later, was dropped unpolled.
    pub(super) fn has_vanished(&self, first: u32) -> bool {
        lock(&self.log).calls(self.number).any(|(_, call, did)| did == Did::Vanish && call >= first)
    }

    /// What the mock's calls did.
    pub(super) fn events(&self) -> Vec<(Duration, u32, Did)> {
        lock(&self.log).calls(self.number).collect()
    }

    pub(super) fn log<T>(&self, ask: impl FnOnce(&Log) -> T) -> T {
        ask(&lock(&self.log))
    }

    /// Leaves the last words of a mock that is dropped.
    pub(super) fn leave(&self, complaints: Vec<Complaint>) {
        if let Some(bubble) = self.bubble() {
            bubble.mocks.leave(self.number, complaints);
        }
    }
}
