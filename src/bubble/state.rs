use std::collections::BTreeMap;
use std::panic::Location;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

#[cfg(seam)]
use super::Virtual;
use super::log::Log;
use super::mocks::Mocks;
use super::panics::Panics;
use super::tasks::Tasks;
use super::{Blocked, ByType, Engine, Event, Holder, Nanos, Portable, Real, Root, lock};

/// The world of one test.
pub(crate) struct Bubble {
    pub(crate) clock: Clock,
    pub(crate) root: Arc<Root>,
    pub(crate) tasks: Tasks,
    pub(crate) panics: Panics,
    pub(crate) mocks: Mocks,
    /// The calls that blocked inside a poll.
    pub(crate) blocked: Blocked,
    /// Whether such calls matter.
    #[cfg_attr(not(seam), expect(dead_code, reason = "only the seam sees calls"))]
    pub(crate) notes_blocking: bool,
    /// What stands in for functions.
    pub(crate) patches: ByType,
    /// Who holds the clock from outside, and why.
    pub(crate) holds: Mutex<BTreeMap<u64, (String, &'static Location<'static>)>>,
    /// Where the clock was frozen, by number, the latest last.
    pub(crate) freezes: Mutex<Vec<(u64, &'static Location<'static>)>>,
    /// Whether the first panic of a task ends the test.
    pub(crate) ends_at_panic: bool,
    log: Arc<Mutex<Log>>,
    meters: AtomicU64,
}

/// The engine behind a bubble's clock.
pub(crate) enum Clock {
    Portable(Portable),
    #[cfg(seam)]
    Virtual(Virtual),
    Real(Real),
}

impl std::ops::Deref for Clock {
    type Target = dyn Engine;

    fn deref(&self) -> &Self::Target {
        match self {
            Self::Portable(engine) => engine,
            #[cfg(seam)]
            Self::Virtual(engine) => engine,
            Self::Real(engine) => engine,
        }
    }
}

impl Bubble {
    pub(crate) fn new(clock: Clock, root: Arc<Root>, ends_at_panic: bool, notes_blocking: bool) -> Self {
        let is_virtual = clock.is_virtual();
        Self {
            clock,
            root,
            tasks: Tasks::default(),
            panics: Panics::default(),
            mocks: Mocks::default(),
            blocked: Blocked::default(),
            notes_blocking,
            patches: ByType::default(),
            holds: Mutex::default(),
            freezes: Mutex::default(),
            ends_at_panic,
            log: Arc::new(Mutex::new(Log::new(is_virtual))),
            meters: AtomicU64::new(0),
        }
    }

    /// Virtual time since the bubble's start.
    pub(crate) fn now(&self) -> Duration {
        self.clock.now()
    }

    pub(crate) fn note(&self, event: Event) {
        let now = self.now();
        self.log(|log| log.push(now, event));
    }

    pub(crate) fn log<T>(&self, ask: impl FnOnce(&mut Log) -> T) -> T {
        ask(&mut lock(&self.log))
    }

    /// The log itself, for what may live longer than the bubble.
    pub(crate) fn shared_log(&self) -> Arc<Mutex<Log>> {
        Arc::clone(&self.log)
    }

    /// Who keeps the clock from moving, apart from the calling thread.
    pub(crate) fn held_by(&self) -> Vec<Holder> {
        let holds: Vec<_> = lock(&self.holds).values().cloned().collect();
        let outside = holds.into_iter().map(|(why, place)| Holder::Outside { why, place });
        let freezes: Vec<_> = lock(&self.freezes).iter().map(|(_, place)| Holder::Freeze { place }).collect();
        outside.chain(freezes).chain(self.clock.held_by()).collect()
    }

    /// What writes each move of the clock to the log, and says whether the body has starved by that.
    ///
    /// It goes into the runtime, so it holds no way back to it.
    pub(crate) fn clock_moves(&self) -> impl Fn(Nanos, Nanos, bool) -> bool + Send + Sync + use<> {
        let (log, root) = (Arc::clone(&self.log), Arc::clone(&self.root));
        let seen = AtomicU64::new(0);
        move |from, to, by_hand| {
            let runs = root.runs();
            let is_quiet = seen.load(Ordering::Relaxed) == runs;
            seen.store(runs, Ordering::Relaxed);
            let jumps = lock(&log).moved(from, to, is_quiet);
            // Whoever moves the clock by hand does not starve of it.
            !by_hand && root.clock_jumped(jumps)
        }
    }

    pub(crate) fn new_meter(&self) -> u64 {
        self.meters.fetch_add(1, Ordering::Relaxed)
    }
}
