use std::time::Duration;

use crate::bubble;

/// Lists the clock's jumps so far: from the instant at which all came to rest, to the deadline it went to.
///
/// Both count from the start of the test, in virtual time. On the real clock there are none.
///
/// tokio's clock goes to a far deadline in several steps, which are put together here. A step can only be told from a jump by what
/// ran there: the body, a task of [`task::spawn`](crate::task::spawn), or anything that left an event. So if at an *odd*
/// millisecond (one in 64 of those) nothing ran but a task of `tokio::spawn`, the jump to it may be joined with the next.
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
///     tokio::time::sleep(2.secs()).await;
///     tokio::time::sleep(1.hours()).await;
///
///     assert_eq!(clock::jumps(), [(0.secs(), 2.secs()), (2.secs(), 3602.secs())]);
/// });
/// ```
#[track_caller]
pub fn jumps() -> Vec<(Duration, Duration)> {
    let bubble = bubble::expect_current("clock::jumps");
    let now = bubble.now();
    bubble.log(|log| log.jumps(now))
}
