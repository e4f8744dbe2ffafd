use std::panic::Location;

use crate::bubble::{self, Expected};

/// Announces that `count` panics whose message contains `text` will come in tasks of this test.
///
/// They are then no findings; fewer of them are one. For tests of what survives a panic: a supervisor, a pool.
///
/// A call that a [mock](crate::mock) refuses is not among them. It fails the test in any case, for it goes against the test's own rules; a mock that
/// is to panic has an answer that does: `.answers(|_| panic!("boom"))`.
///
/// # Panics
///
/// Panics outside a bubble.
///
/// # Examples
///
/// ```
/// use standstill::task;
///
/// standstill::run(async || {
///     task::expect_panics(1, "boom");
///
///     let joined = tokio::spawn(async { panic!("boom") }).await;
///
///     assert!(joined.unwrap_err().is_panic());
/// });
/// ```
#[track_caller]
pub fn expect_panics(count: usize, text: impl Into<String>) {
    let place = Location::caller();
    bubble::expect_current("task::expect_panics").panics.expect(Expected { count, text: text.into(), place });
}
