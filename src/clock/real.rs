use std::time::Instant;

use crate::os;

/// Gives the machine's own monotonic clock, wherever it is called: how long a test really takes.
///
/// Inside a bubble `std::time::Instant::now()` follows the bubble's clock. An instant of this function can be compared only with
/// another of this function.
///
/// # Examples
///
/// ```
/// use standstill::{clock, prelude::*};
///
/// standstill::run(async || {
///     let start = clock::real();
///     tokio::time::sleep(1.hours()).await;
///     assert!(clock::real() - start < 1.mins());
/// });
/// ```
pub fn real() -> Instant {
    os::inside(Instant::now)
}
