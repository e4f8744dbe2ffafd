use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::os;

const MILLI: u64 = 1_000_000;

/// What the members of a bubble read: the instants at which its clocks stand.
pub(super) struct Clocks {
    /// The bubble's number.
    pub(super) bubble: u32,
    /// The monotonic clock when the bubble began, at a whole millisecond: deadlines in milliseconds fall on those.
    base: u64,
    /// Nanoseconds since then, in virtual time. Written under the world's lock, or raised by a member that runs.
    now: AtomicU64,
    /// The system's clock when the bubble began, moved by whoever sets that clock.
    system: AtomicU64,
    /// What it showed when the test began.
    date: AtomicU64,
    /// Whether anybody has asked it.
    is_dated: AtomicBool,
    /// Whether the bubble has come to its end.
    closed: AtomicBool,
}

impl Clocks {
    /// `lead` is by how much the bubble begins ahead of the real monotonic clock: where no thread from an earlier one is
    /// ahead of it.
    pub(super) fn new(bubble: u32, lead: u64) -> Self {
        Self {
            bubble,
            base: (os::real_monotonic() + lead).next_multiple_of(MILLI),
            now: AtomicU64::new(0),
            system: AtomicU64::new(os::real_system()),
            date: AtomicU64::new(0),
            is_dated: AtomicBool::new(false),
            closed: AtomicBool::new(false),
        }
    }

    /// Virtual nanoseconds since the bubble began.
    pub(super) fn now(&self) -> u64 {
        self.now.load(Ordering::Acquire)
    }

    /// Moves the clock on, never back.
    pub(super) fn raise(&self, to: u64) {
        self.now.fetch_max(to, Ordering::AcqRel);
    }

    /// It is read often, and as far from the end of its type as any that starts with the machine.
    #[inline]
    pub(super) fn monotonic(&self) -> u64 {
        self.base.wrapping_add(self.now())
    }

    /// What the monotonic clock shows so many nanoseconds after the bubble began.
    pub(super) fn shown_at(&self, since_start: u64) -> u64 {
        self.base.saturating_add(since_start)
    }

    /// How far the monotonic clock is ahead of the real one.
    pub(super) fn lead(&self) -> u64 {
        self.monotonic().saturating_sub(os::real_monotonic())
    }

    /// What the monotonic clock shows, as nanoseconds since the bubble began.
    pub(super) fn since_start(&self, monotonic: u64) -> u64 {
        monotonic.saturating_sub(self.base)
    }

    pub(super) fn system(&self) -> u64 {
        self.is_dated.store(true, Ordering::Relaxed);
        self.undated()
    }

    fn undated(&self) -> u64 {
        self.system.load(Ordering::Acquire).wrapping_add(self.now())
    }

    /// Says that the test begins now.
    pub(super) fn begin(&self) {
        self.date.store(self.undated(), Ordering::Relaxed);
    }

    /// What the system's clock showed when the test began, if anybody has asked that clock.
    pub(super) fn date(&self) -> Option<u64> {
        self.is_dated.load(Ordering::Relaxed).then(|| self.date.load(Ordering::Relaxed))
    }

    pub(super) fn set_system(&self, time: u64) {
        self.system.store(time.wrapping_sub(self.now()), Ordering::Release);
    }

    pub(super) fn close(&self) {
        self.closed.store(true, Ordering::Release);
    }

    pub(super) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }
}
