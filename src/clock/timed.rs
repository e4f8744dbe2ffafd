use std::future::IntoFuture;
use std::time::Duration;

use crate::bubble;

/// Awaits a future and gives its output with the virtual time that it took.
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
///     let slow = async {
///         tokio::time::sleep(3.secs()).await;
///         "done"
///     };
///
///     assert_eq!(clock::timed(slow).await, ("done", 3.secs()));
/// });
/// ```
pub async fn timed<F: IntoFuture>(future: F) -> (F::Output, Duration) {
    let bubble = bubble::expect_current("clock::timed");
    let start = bubble.now();
    let output = future.await;
    (output, bubble.now() - start)
}
