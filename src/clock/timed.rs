use std::future::{Future, IntoFuture};
use std::time::Duration;

use crate::bubble;

/// Awaits a future and gives its output with the virtual time that it took, from the first poll on.
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
#[track_caller]
pub fn timed<F: IntoFuture>(future: F) -> impl Future<Output = (F::Output, Duration)> {
    let bubble = bubble::expect_current("clock::timed");
    async move {
        let start = bubble.now();
        let output = future.await;
        (output, bubble.now() - start)
    }
}
