use std::time::Duration;

use tokio::time::Instant;

use crate::bubble;

/// Gives the instant at which the bubble's clock stands: tokio's `Instant::now()`, also from the bubble's blocking jobs.
///
/// # Panics
///
/// Panics outside a bubble.
///
/// # Examples
///
/// ```
/// use standstill::{clock, prelude::*};
///
/// standstill::run(async || {
///     let start = clock::now();
///     tokio::time::sleep(5.secs()).await;
///     assert_eq!(clock::now() - start, 5.secs());
/// });
/// ```
#[track_caller]
pub fn now() -> Instant {
    let bubble = bubble::expect_current("clock::now");
    bubble.clock.start() + bubble.now()
}

/// Gives the virtual time since the start of the test.
///
/// # Panics
///
/// Panics outside a bubble.
///
/// # Examples
///
/// ```
/// use standstill::{clock, prelude::*};
///
/// standstill::run(async || {
///     assert_eq!(clock::elapsed(), 0.secs());
///     tokio::time::sleep(1.hours()).await;
///     assert_eq!(clock::elapsed(), 1.hours());
/// });
/// ```
#[track_caller]
pub fn elapsed() -> Duration {
    bubble::expect_current("clock::elapsed").now()
}
