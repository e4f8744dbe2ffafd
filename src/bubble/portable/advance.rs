use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::time::{self, Instant};

use super::hand::{Hand, TICK};

/// tokio's clock moves by whole ticks, from wherever it stands. So it is first brought to a tick, that deadlines are met
/// exactly, and at the end to the fraction that was asked for.
pub(super) async fn advance(clock: Arc<Hand>, by: Duration) {
    let thawed = Thawed::new(&clock);
    let start = Instant::now();
    let end = start + by;

    let past_tick = fraction(clock.elapsed());
    if past_tick > Duration::ZERO {
        Arc::clone(&clock).step((start - past_tick + TICK).min(end)).await;
        Arc::clone(&clock).rest().await;
    }
    let left = end.saturating_duration_since(Instant::now());
    if left >= TICK {
        time::sleep_until(end - fraction(left)).await;
    }
    if Instant::now() < end {
        Arc::clone(&clock).step(end).await;
    }

    drop(thawed);
    clock.rest().await;
}

/// What a duration has beyond whole ticks.
fn fraction(duration: Duration) -> Duration {
    Duration::from_nanos(u64::from(duration.subsec_nanos() % TICK.subsec_nanos()))
}

/// Lets the clock move although it is frozen.
struct Thawed<'a>(&'a Hand);

impl<'a> Thawed<'a> {
    fn new(clock: &'a Hand) -> Self {
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
