use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use tokio::time::{self, Instant};

use crate::bubble::turns::Turns;
use crate::bubble::{Cut, Nanos, Root, lock};

/// No timer of a test is later than this; tokio itself takes "for ever" for thirty years.
pub(crate) const HORIZON: Duration = Duration::from_hours(25 * 365 * 24);

/// tokio's resolution: whatever is due within it fires together.
pub(super) const TICK: Duration = Duration::from_millis(1);

/// The clock's hand: where it stands, and what stops it. The runtime's hooks hold on to it.
pub(super) struct Hand {
    pub(super) home: OnceLock<Home>,
    /// The clock as the scheduler last saw it, in nanoseconds: for those who ask from outside the runtime.
    pub(super) now: AtomicU64,
    pub(super) frozen: AtomicUsize,
    pub(super) advancing: AtomicUsize,
    pub(super) turns: Mutex<Turns>,
    pub(super) root: Arc<Root>,
    /// How often the thread came to rest or rose from it: odd while it is at rest.
    rests: AtomicU64,
    /// What that was when somebody last looked.
    seen: AtomicU64,
    /// How often the body had been polled when it was found to have starved, and what holds the clock since.
    starved: Mutex<Option<(u64, Box<dyn Send + Sync>)>>,
    /// Whether it has been at rest for long, so that nothing may be left that could wake it.
    is_quiet: AtomicBool,
}

/// What is known once the runtime runs.
pub(super) struct Home {
    pub(super) start: Instant,
    pub(super) horizon: Instant,
}

impl Hand {
    pub(super) fn new(root: Arc<Root>) -> Self {
        Self {
            home: OnceLock::new(),
            now: AtomicU64::new(0),
            frozen: AtomicUsize::new(0),
            advancing: AtomicUsize::new(0),
            turns: Mutex::default(),
            root,
            rests: AtomicU64::new(0),
            seen: AtomicU64::new(0),
            starved: Mutex::default(),
            is_quiet: AtomicBool::new(false),
        }
    }

    pub(super) fn home(&self) -> &Home {
        self.home.get().expect("the clock is asked only once its runtime runs")
    }

    /// The clock's time, read inside its runtime.
    pub(super) fn elapsed(&self) -> Duration {
        Instant::now().saturating_duration_since(self.home().start)
    }

    /// Notes where the clock is now, if it moved.
    pub(super) fn catch_up(&self, moved: &impl Fn(Nanos, Nanos, bool) -> bool) {
        let Some(home) = self.home.get() else { return };
        let now = Nanos::from(Instant::now().saturating_duration_since(home.start));
        let before = Nanos::new(self.now.load(Ordering::Relaxed));
        if now != before {
            self.now.store(now.get(), Ordering::Relaxed);
            if moved(before, now, false) {
                self.root.cut(Cut::Starved);
            }
        }
    }

    /// Notes that the thread comes to rest, or rises.
    pub(super) fn turn_over(&self) {
        self.rests.fetch_add(1, Ordering::AcqRel);
    }

    /// Looks, from outside, whether the thread has been at rest since the last look. A paused clock jumps to its next timer at once,
    /// so it may have none that stands for the end before those had their time who wake it from outside.
    pub(super) fn look(&self, does_another_go_on: impl FnOnce() -> bool) {
        let is_still_at_rest = self.is_at_rest();
        self.seen.store(self.rests.load(Ordering::Acquire), Ordering::Relaxed);
        if !is_still_at_rest || does_another_go_on() {
            return;
        }
        if self.is_starving() {
            self.root.cut(Cut::Starved);
        } else if !self.is_quiet.swap(true, Ordering::AcqRel) {
            self.root.wake();
        }
    }

    /// Holds the clock until the body is polled, which has starved.
    pub(super) fn starve(&self, hold: Box<dyn Send + Sync>) {
        *lock(&self.starved) = Some((self.root.polls(), hold));
    }

    pub(super) fn feed(&self) {
        *lock(&self.starved) = None;
    }

    pub(super) fn is_starving(&self) -> bool {
        lock(&self.starved).as_ref().is_some_and(|(polls, _)| *polls == self.root.polls())
    }

    /// Whether the thread has been at rest since the last look.
    pub(super) fn is_at_rest(&self) -> bool {
        let rests = self.rests.load(Ordering::Acquire);
        rests % 2 == 1 && self.seen.load(Ordering::Relaxed) == rests
    }

    pub(super) fn is_quiet(&self) -> bool {
        self.is_quiet.load(Ordering::Acquire)
    }

    /// Says that it goes on, and whether it had been quiet.
    pub(super) fn goes_on(&self) -> bool {
        self.feed();
        self.is_quiet() && self.is_quiet.swap(false, Ordering::AcqRel)
    }

    /// Moves the clock to an instant within a tick, once all that is ready has run.
    pub(super) async fn step(self: Arc<Self>, to: Instant) {
        Arc::clone(&self).rest().await;
        let left = to.saturating_duration_since(Instant::now());
        if left > Duration::ZERO {
            time::advance(left).await;
        }
    }

    pub(super) async fn rest(self: Arc<Self>) {
        let rest = lock(&self.turns).wait();
        self.root.wake();
        rest.reached().await;
    }
}
