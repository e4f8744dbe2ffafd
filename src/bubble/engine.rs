use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use tokio::time::Instant;

/// A bubble's clock, whatever moves it.
///
/// Durations count from the bubble's start.
pub(crate) trait Engine: Send + Sync {
    fn now(&self) -> Duration;

    /// The instant of `now`, for callers inside the runtime.
    fn start(&self) -> Instant;

    fn is_virtual(&self) -> bool;

    /// The instant at which the root wants to be polled even if nobody woke it: at that instant, nothing else
    /// is left that could happen.
    fn alarm(&self) -> Option<Instant>;

    /// Whether the clock was moved since the scheduler last rested: by `tokio::time::advance`, not by a jump.
    fn was_moved_by_hand(&self) -> bool;

    /// Called when the root is polled, unless for its body alone: that is the top of one of the scheduler's turns.
    fn top_of_turn(&self, body_ran: bool);

    /// Resolves when everything that can run without moving the clock has run, or after very many turns.
    fn settle(&self) -> Pin<Box<dyn Future<Output = ()> + Send>>;

    /// Moves the clock from deadline to deadline, `by` in all, even while it is frozen.
    fn advance(&self, by: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>>;

    fn freeze(&self);

    fn thaw(&self);

    fn is_frozen(&self) -> bool;

    /// Holds the clock until the guard is dropped, since someone outside will wake the bubble.
    fn hold(&self) -> Box<dyn Send + Sync>;
}
