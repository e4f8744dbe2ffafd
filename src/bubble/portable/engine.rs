use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::Ordering;
use std::sync::{Arc, OnceLock, mpsc};
use std::time::Duration;

use tokio::runtime::{self, Handle, LocalRuntime};
use tokio::time::{self, Instant};

use super::advance::advance;
use super::hand::{HORIZON, Hand, Home, TICK};
use crate::bubble::turns::TURN;
use crate::bubble::{Engine, Nanos, Root, lock, wheel};

/// Virtual time by tokio's paused clock, on a runtime of one thread.
pub(crate) struct Portable {
    hand: Arc<Hand>,
    /// Not in `hand`, which the runtime itself holds on to.
    handle: OnceLock<Handle>,
}

impl Portable {
    pub(crate) fn new(root: Arc<Root>) -> Self {
        Self { hand: Arc::new(Hand::new(root)), handle: OnceLock::new() }
    }

    /// Builds the runtime that this clock belongs to; `moved` is told of each move of the clock.
    pub(crate) fn runtime(
        &self,
        mut builder: runtime::Builder,
        moved: impl Fn(Nanos, Nanos, bool) -> bool + Send + Sync + 'static,
    ) -> std::io::Result<LocalRuntime> {
        let (clock, resting) = (Arc::clone(&self.hand), Arc::clone(&self.hand));
        let runtime = builder
            .enable_all()
            .start_paused(true)
            .event_interval(TURN)
            .on_thread_park(move || resting.turn_over())
            .on_thread_unpark(move || {
                clock.turn_over();
                clock.catch_up(&moved);
            })
            .build_local(runtime::LocalOptions::default())?;

        runtime.block_on(async {
            time::advance(wheel::ZERO).await;
            let handle = Handle::current();
            let start = Instant::now();
            let home = Home { start, horizon: start + HORIZON };
            assert!(self.hand.home.set(home).is_ok() && self.handle.set(handle).is_ok(), "a clock has one runtime");
        });
        Ok(runtime)
    }

    /// Looks from outside, now and then, whether all has been at rest since the last look.
    pub(crate) fn look(&self, does_another_go_on: impl FnOnce() -> bool) {
        self.hand.look(does_another_go_on);
    }

    fn handle(&self) -> &Handle {
        self.handle.get().expect("the clock is asked only once its runtime runs")
    }
}

impl Engine for Portable {
    fn now(&self) -> Duration {
        let Some(handle) = self.handle.get() else { return Duration::ZERO };
        match Handle::try_current() {
            Ok(current) if current.id() == handle.id() => self.hand.elapsed(),
            // On a thread that is about to end.
            Err(error) if error.is_thread_local_destroyed() => {
                Duration::from_nanos(self.hand.now.load(Ordering::Relaxed))
            }
            _ => {
                let _inside = handle.enter();
                self.hand.elapsed()
            }
        }
    }

    fn start(&self) -> Instant {
        self.hand.home().start
    }

    fn is_virtual(&self) -> bool {
        true
    }

    fn alarm(&self) -> Option<Instant> {
        // Frozen, the clock may go no further than the next tick; if it gets there, nothing else was left.
        if self.is_frozen() && self.hand.advancing.load(Ordering::SeqCst) == 0 {
            return Some(Instant::now() + TICK);
        }
        self.hand.is_quiet().then(|| self.hand.home().horizon)
    }

    fn goes_on(&self) -> bool {
        self.hand.goes_on()
    }

    fn may_go_on(&self) -> bool {
        !self.hand.is_quiet() && !self.hand.is_at_rest() && !self.hand.is_starving()
    }

    fn starve(&self) {
        self.hand.starve(self.hold());
    }

    fn feed(&self) {
        self.hand.feed();
    }

    fn is_starving(&self) -> bool {
        self.hand.is_starving()
    }

    fn was_moved_by_hand(&self) -> bool {
        Nanos::from(self.hand.elapsed()).get() != self.hand.now.load(Ordering::Relaxed)
    }

    fn top_of_turn(&self, body_ran: bool) {
        if lock(&self.hand.turns).top(body_ran) {
            self.hand.root.wake();
        }
    }

    fn settle(&self) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(Arc::clone(&self.hand).rest())
    }

    fn advance(&self, by: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(advance(Arc::clone(&self.hand), by))
    }

    fn freeze(&self) {
        self.hand.frozen.fetch_add(1, Ordering::SeqCst);
        self.hand.root.wake();
    }

    fn thaw(&self) {
        self.hand.frozen.fetch_sub(1, Ordering::SeqCst);
        self.hand.root.wake();
    }

    fn is_frozen(&self) -> bool {
        self.hand.frozen.load(Ordering::SeqCst) > 0
    }

    fn hold(&self) -> Box<dyn Send + Sync> {
        // tokio does not move a paused clock while a blocking job is alive.
        let (release, released) = mpsc::sync_channel::<()>(0);
        drop(self.handle().spawn_blocking(move || released.recv()));
        Box::new(release)
    }
}
