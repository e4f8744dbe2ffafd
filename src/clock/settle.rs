use std::future::Future;

use crate::bubble;

/// Lets whatever can run without moving the clock run, until all rests.
///
/// That includes tasks that wake each other, and loopback sockets between tasks of the runtime. Jobs of `spawn_blocking` are
/// waited for while they run, but not while they sleep or wait; on tokio's own clock they are not waited for at all. It is bounded, since a loop of `yield_now` never rests: after some 600,000 polls it returns all the same.
///
/// # Panics
///
/// Panics outside a bubble, and on the real clock.
///
/// # Examples
///
/// ```
/// use standstill::clock;
///
/// standstill::run(async || {
///     let (to_worker, mut jobs) = tokio::sync::mpsc::channel(8);
///     let (to_test, mut results) = tokio::sync::mpsc::channel(8);
///     tokio::spawn(async move {
///         while let Some(job) = jobs.recv().await {
///             to_test.send(job * 2).await.unwrap();
///         }
///     });
///     to_worker.send(21).await.unwrap();
///
///     clock::settle().await;
///
///     assert_eq!(results.try_recv(), Ok(42));
/// });
/// ```
#[track_caller]
pub fn settle() -> impl Future<Output = ()> + Send + use<> {
    let bubble = bubble::expect_virtual("clock::settle");
    async move { bubble.clock.settle().await }
}
