use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, mpsc};
use std::task::Context;
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
}

struct Shared {
    home: OnceLock<Home>,
    /// The clock as the scheduler last saw it, in nanoseconds: for those who ask from outside the runtime.
    now: AtomicU64,
    frozen: AtomicUsize,
    advancing: AtomicUsize,
    turns: Mutex<Turns>,
    /// Whether somebody waits for rest: without it, `turns` need not be locked.
    is_asked: AtomicBool,
    root: Arc<Root>,
}

/// What is known once the runtime runs.
struct Home {
    start: Instant,
    horizon: Instant,
    runtime: runtime::Id,
    handle: Handle,
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
                is_asked: AtomicBool::new(false),
                root,
            }),
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
            let home = Home { start, horizon: start + HORIZON, runtime: handle.id(), handle };
            assert!(self.shared.home.set(home).is_ok(), "a clock has one runtime");
        });
        Ok(runtime)
    }
}

impl Shared {
    fn home(&self) -> &Home {
        self.home.get().expect("the clock is asked only once its runtime runs")
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

    async fn rest(self: Arc<Self>) {
        let rest = {
            let mut turns = lock(&self.turns);
            self.is_asked.store(true, Ordering::Release);
            turns.wait()
        };
        self.root.wake();
        rest.reached().await;
    }
}

impl Engine for Portable {
    fn now(&self) -> Duration {
        let inside = || {
            let home = self.shared.home.get()?;
            (Handle::try_current().ok()?.id() == home.runtime)
                .then(|| Instant::now().saturating_duration_since(home.start))
        };
        inside().unwrap_or_else(|| Duration::from_nanos(self.shared.now.load(Ordering::Relaxed)))
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

    fn top_of_turn(&self, cx: &Context<'_>, body_ran: bool) {
        if self.shared.is_asked.load(Ordering::Acquire) {
            let mut turns = lock(&self.shared.turns);
            let again = turns.top(body_ran);
            self.shared.is_asked.store(again, Ordering::Release);
            drop(turns);
            if again {
                cx.waker().wake_by_ref();
            }
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
        drop(self.shared.home().handle.spawn_blocking(move || released.recv()));
        Box::new(release)
    }
}

async fn advance(clock: Arc<Shared>, by: Duration) {
    let thawed = Thawed::new(&clock);
    let before = Instant::now();
    let steps = whole_ticks(by);
    if steps > Duration::ZERO {
        // The wheel's ticks count from its own zero, so the sleep ends exactly `steps` later only from a tick's start.
        let past_tick = Duration::from_nanos(u64::from(
            before.saturating_duration_since(clock.home().start).subsec_nanos() % nanos32(TICK),
        ));
        time::sleep_until(before - past_tick + steps).await;
    }
    let rest = by.saturating_sub(before.elapsed());
    if rest > Duration::ZERO {
        time::advance(rest).await;
    }
    drop(thawed);
    clock.rest().await;
}

fn whole_ticks(duration: Duration) -> Duration {
    duration - Duration::from_nanos(u64::from(duration.subsec_nanos() % nanos32(TICK)))
}

fn nanos32(duration: Duration) -> u32 {
    duration.subsec_nanos()
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
