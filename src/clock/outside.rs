use std::panic::Location;

use crate::bubble::{self, Hold};

/// Holds the clock until the guard is dropped, because someone outside will wake the test.
///
/// For what the runtime cannot see: a bare `std::thread`, a server in another process. Meanwhile time does not pass and the
/// test is never stuck; only the wall limit applies, and its report names `why` and this line.
///
/// # Panics
///
/// Panics outside a bubble. On the real clock there is nothing to hold, and it does nothing.
///
/// # Examples
///
/// ```
/// use standstill::{clock, prelude::*};
/// use tokio::{sync::oneshot, time::timeout};
///
/// standstill::run(async || {
///     let (answer, question) = oneshot::channel();
///     std::thread::spawn(move || answer.send(42));
///
///     let _hold = clock::outside("the thread answers");
///     assert_eq!(timeout(1.secs(), question).await, Ok(Ok(42)));
/// });
/// ```
#[track_caller]
#[must_use = "the clock is let go as soon as the guard is dropped"]
pub fn outside(why: impl Into<String>) -> Outside {
    let place = Location::caller();
    let bubble = bubble::expect_current("clock::outside");
    Outside { _hold: Hold::new(bubble, why.into(), place) }
}

/// Keeps the clock held. See [`outside`].
pub struct Outside {
    _hold: Hold,
}

impl std::fmt::Debug for Outside {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outside").finish_non_exhaustive()
    }
}
