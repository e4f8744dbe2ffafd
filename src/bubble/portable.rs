use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, mpsc};
use std::time::Duration;

use tokio::runtime::{self, Handle, LocalRuntime};
use tokio::time::{self, Instant};

use super::engine::Engine;
use super::turns::{TURN, Turns};
use super::{Nanos, Root, lock, wheel};

/// No timer of a test is later than this; tokio itself takes "for ever" for thirty years.
pub(crate) const HORIZON: Duration = Duration::from_hours(25 * 365 * 24);

/// tokio's resolution: whatever is due within it fires together.
const TICK: Duration = Duration::from_millis(1);

/// Virtual time by tokio's paused clock, on a runtime of one thread.
pub(crate) struct Portable {
    shared: Arc<Shared>,
    /// Not in `shared`, which the runtime itself holds on to.
    handle: OnceLock<Handle>,
}

struct Shared {
    home: OnceLock<Home>,
    /// The clock as the scheduler last saw it, in nanoseconds: for those who ask from outside the runtime.
    now: AtomicU64,
    frozen: AtomicUsize,
    advancing: AtomicUsize,
    turns: Mutex<Turns>,
    root: Arc<Root>,
}

/// What is known once the runtime runs.
struct Home {
    start: Instant,
    horizon: Instant,
}

impl Portable {
    pub(crate) fn new(root: Arc<Root>) -> Self {
        Self {
            shared: Arc::new(Shared {
                home: OnceLock::new(),
                now: AtomicU64::new(0),
                frozen: AtomicUsize::new(0),
                advancing: AtomicUsize::new(0),
                turns: Mutex::default(),
                root,
            }),
            handle: OnceLock::new(),
        }
    }

    /// Builds the runtime that this clock belongs to; `moved` is told of each move of the clock.
    pub(crate) fn runtime(
        &self,
        mut builder: runtime::Builder,
        moved: impl Fn(Nanos, Nanos) + Send + Sync + 'static,
    ) -> std::io::Result<LocalRuntime> {
        let clock = Arc::clone(&self.shared);
        let runtime = builder
            .enable_all()
            .start_paused(true)
            .event_interval(TURN)
            .on_thread_unpark(move || clock.catch_up(&moved))
            .build_local(runtime::LocalOptions::default())?;

        runtime.block_on(async {
            time::advance(wheel::ZERO).await;
            let handle = Handle::current();
            let start = Instant::now();
            let home = Home { start, horizon: start + HORIZON };
            assert!(self.shared.home.set(home).is_ok() && self.handle.set(handle).is_ok(), "a clock has one runtime");
        });
        Ok(runtime)
    }
}

impl Portable {
    fn handle(&self) -> &Handle {
        self.handle.get().expect("the clock is asked only once its runtime runs")
    }
}

impl Shared {
    fn home(&self) -> &Home {
        self.home.get().expect("the clock is asked only once its runtime runs")
    }

    /// The clock's time, read inside its runtime.
    fn elapsed(&self) -> Duration {
        Instant::now().saturating_duration_since(self.home().start)
    }

    /// Notes where the clock is now, if it moved.
    fn catch_up(&self, moved: &impl Fn(Nanos, Nanos)) {
        let Some(home) = self.home.get() else { return };
        let now = Nanos::from(Instant::now().saturating_duration_since(home.start));
        let before = Nanos::new(self.now.load(Ordering::Relaxed));
        if now != before {
            self.now.store(now.get(), Ordering::Relaxed);
            moved(before, now);
        }
    }

    /// Moves the clock by less than a tick, once all that is ready has run.
    async fn step(self: Arc<Self>, by: Duration) {
        Arc::clone(&self).rest().await;
        time::advance(by).await;
    }

    async fn rest(self: Arc<Self>) {
        let rest = lock(&self.turns).wait();
        self.root.wake();
        rest.reached().await;
    }
}

impl Engine for Portable {
    fn now(&self) -> Duration {
        let Some(handle) = self.handle.get() else { return Duration::ZERO };
        match Handle::try_current() {
            Ok(current) if current.id() == handle.id() => self.shared.elapsed(),
            // On a thread that is about to end.
            Err(error) if error.is_thread_local_destroyed() => {
                Duration::from_nanos(self.shared.now.load(Ordering::Relaxed))
            }
            _ => {
                let _inside = handle.enter();
                self.shared.elapsed()
            }
        }
    }

    fn start(&self) -> Instant {
        self.shared.home().start
    }

    fn is_virtual(&self) -> bool {
        true
    }

    fn alarm(&self) -> Option<Instant> {
        // Frozen, the clock may go no further than the next tick; if it gets there, nothing else was left.
        Some(if self.is_frozen() && self.shared.advancing.load(Ordering::SeqCst) == 0 {
            Instant::now() + TICK
        } else {
            self.shared.home().horizon
        })
    }

    fn top_of_turn(&self, body_ran: bool) {
        if lock(&self.shared.turns).top(body_ran) {
            self.shared.root.wake();
        }
    }

    fn settle(&self) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(Arc::clone(&self.shared).rest())
    }

    fn advance(&self, by: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(advance(Arc::clone(&self.shared), by))
    }

    fn freeze(&self) {
        self.shared.frozen.fetch_add(1, Ordering::SeqCst);
        self.shared.root.wake();
    }

    fn thaw(&self) {
        self.shared.frozen.fetch_sub(1, Ordering::SeqCst);
        self.shared.root.wake();
    }

    fn is_frozen(&self) -> bool {
        self.shared.frozen.load(Ordering::SeqCst) > 0
    }

    fn hold(&self) -> Box<dyn Send + Sync> {
        // tokio does not move a paused clock while a blocking job is alive.
        let (release, released) = mpsc::sync_channel::<()>(0);
        drop(self.handle().spawn_blocking(move || released.recv()));
        Box::new(release)
    }
}

/// tokio's clock moves by whole ticks, from wherever it stands. So it is first brought to a tick, that deadlines are met
/// exactly, and at the end to the fraction that was asked for.
async fn advance(clock: Arc<Shared>, by: Duration) {
    let thawed = Thawed::new(&clock);
    let end = Instant::now() + by;

    let to_tick = (TICK - fraction(clock.elapsed())).min(by);
    if to_tick < TICK {
        Arc::clone(&clock).step(to_tick).await;
        Arc::clone(&clock).rest().await;
    }
    let left = end - Instant::now();
    if left >= TICK {
        time::sleep_until(end - fraction(left)).await;
    }
    if Instant::now() < end {
        Arc::clone(&clock).step(end - Instant::now()).await;
    }

    drop(thawed);
    clock.rest().await;
}

/// What a duration has beyond whole ticks.
fn fraction(duration: Duration) -> Duration {
    Duration::from_nanos(u64::from(duration.subsec_nanos() % TICK.subsec_nanos()))
}

/// Lets the clock move although it is frozen.
struct Thawed<'a>(&'a Shared);

impl<'a> Thawed<'a> {
    fn new(clock: &'a Shared) -> Self {
        clock.advancing.fetch_add(1, Ordering::SeqCst);
        clock.root.wake();
        Self(clock)
    }
}

impl Drop for Thawed<'_> {
    fn drop(&mut self) {
        self.0.advancing.fetch_sub(1, Ordering::SeqCst);
        self.0.root.wake();
    }
}
