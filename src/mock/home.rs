use std::sync::{Arc, Mutex, OnceLock, Weak};
use std::time::Duration;

use tokio::time::Instant;

use crate::bubble::{self, Bubble, Complaint, Did, Log, Mocked, lock};

/// Where a mock belongs.
pub(crate) enum Home {
    /// To a test, in whose log its calls are noted.
    Bubble {
        bubble: Weak<Bubble>,
        log: Arc<Mutex<Log>>,
        is_virtual: bool,
        /// The mock's number in the log.
        number: u32,
    },
    /// Nowhere: it is used outside a bubble, on tokio's clock.
    Nowhere {
        /// What its instants count from; each mock has its own, since each runtime may have paused its clock elsewhere.
        start: OnceLock<Instant>,
    },
}

impl Home {
    pub(crate) const fn nowhere() -> Self {
        Self::Nowhere { start: OnceLock::new() }
    }

    pub(crate) fn new(mock: Weak<dyn Mocked>, bubble: &Arc<Bubble>) -> Self {
        let log = bubble.shared_log();
        let (number, is_virtual) = {
            let mut log = lock(&log);
            (log.introduce(Weak::clone(&mock)), log.is_virtual())
        };
        bubble.mocks.enter(number, mock);
        Self::Bubble { bubble: Arc::downgrade(bubble), log, is_virtual, number }
    }

    pub(crate) fn bubble(&self) -> Option<Arc<Bubble>> {
        match self {
            Self::Bubble { bubble, .. } => bubble.upgrade(),
            Self::Nowhere { .. } => None,
        }
    }

    /// Whether the calling code is in another test than the mock.
    pub(crate) fn is_elsewhere(&self) -> bool {
        match self {
            Self::Bubble { bubble, .. } => bubble.strong_count() == 0 || is_in_another(bubble),
            Self::Nowhere { .. } => false,
        }
    }

    /// The instant of a call that comes; `None` if it comes from another test, which has no say in this mock.
    pub(crate) fn admit(&self) -> Option<Duration> {
        match self {
            Self::Bubble { bubble, .. } => {
                bubble::ask_here(bubble, Bubble::now).or_else(|| (!is_in_another(bubble)).then(|| self.now()))
            }
            Self::Nowhere { .. } => Some(self.now()),
        }
    }

    pub(crate) fn is_in_bubble(&self) -> bool {
        matches!(self, Self::Bubble { .. })
    }

    /// Whether the clock moves only by jumps.
    pub(crate) fn is_virtual(&self) -> bool {
        matches!(self, Self::Bubble { is_virtual: true, .. })
    }

    /// Writes to the bubble's log, if there is one, what a call did.
    #[inline]
    pub(crate) fn note(&self, at: Duration, call: u32, did: &[Did]) {
        if let Self::Bubble { log, number, .. } = self {
            note_in(log, at, *number, call, did);
        }
    }

    pub(crate) fn now(&self) -> Duration {
        match self {
            Self::Bubble { bubble, log, .. } => bubble::ask_here(bubble, Bubble::now)
                .or_else(|| Some(bubble.upgrade()?.now()))
                // A bubble that is over has no clock any more.
                .unwrap_or_else(|| lock(log).latest()),
            Self::Nowhere { start } => start.get_or_init(Instant::now).elapsed(),
        }
    }

    pub(crate) fn log<T>(&self, ask: impl FnOnce(&Log) -> T) -> Option<T> {
        match self {
            Self::Bubble { log, .. } => Some(ask(&lock(log))),
            Self::Nowhere { .. } => None,
        }
    }

    /// Leaves the last words of a mock that is dropped.
    pub(crate) fn leave(&self, complaints: Vec<Complaint>) {
        if let Self::Bubble { bubble, number, .. } = self
            && let Some(bubble) = bubble.upgrade()
        {
            bubble.mocks.leave(*number, complaints);
        }
    }
}

/// Whether the calling code is in another test. A thread that outlives its test is in none.
fn is_in_another(bubble: &Weak<Bubble>) -> bool {
    bubble::current().is_some_and(|here| !std::ptr::eq(bubble.as_ptr(), Arc::as_ptr(&here)))
}

fn note_in(log: &Mutex<Log>, at: Duration, mock: u32, call: u32, did: &[Did]) {
    let unsaid: Vec<_> = {
        let mut log = lock(log);
        did.iter().filter_map(|did| log.note_call(at, mock, call, *did)).collect()
    };
    for (entry, line) in unsaid {
        let words = line.to_string();
        lock(log).say(entry, words);
    }
}
