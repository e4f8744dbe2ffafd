use std::future::Future;
use std::panic::Location;
use std::time::Duration;

use crate::bubble::{self, Event, HORIZON, Seconds};

/// Moves the clock by `by`, from deadline to deadline, and lets everything due run before it returns.
///
/// At each deadline on the way, all that becomes ready runs until it rests, as it would in real life: a loop of 30 ms
/// ticks at 30, 60 and 90 in an advance of 100 ms. (`tokio::time::advance` makes one jump, and gives one tick at 100.)
/// Works while the clock is [frozen](super::freeze). `by` is virtual time; fractions of a millisecond are kept.
///
/// # Panics
///
/// Panics outside a bubble, on the real clock, and past 25 years.
///
/// # Examples
///
/// ```
/// use standstill::{clock, prelude::*};
///
/// standstill::run(async || {
///     let _frozen = clock::freeze();
///     let ticks = standstill::probe::Meter::new();
///     tokio::spawn({
///         let ticks = ticks.clone();
///         async move {
///             loop {
///                 tokio::time::sleep(30.millis()).await;
///                 ticks.tick();
///             }
///         }
///     });
///
///     clock::advance(100.millis()).await;
///
///     assert_eq!(ticks.instants(), [30.millis(), 60.millis(), 90.millis()]);
///     assert_eq!(clock::elapsed(), 100.millis());
/// });
/// ```
#[track_caller]
pub fn advance(by: Duration) -> impl Future<Output = ()> + Send + use<> {
    let place = Location::caller();
    let bubble = bubble::expect_virtual("clock::advance");
    let limit = HORIZON.saturating_sub(bubble.now());
    assert!(
        by < limit,
        "clock::advance by {} goes past the clock's end, which is {} away",
        Seconds(by),
        Seconds(limit)
    );
    async move {
        bubble.note(Event::Advancing { by, place });
        bubble.clock.advance(by).await;
    }
}
