use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use tokio::time::Instant;

use super::{Holder, ThreadWait};

/// A bubble's clock, whatever moves it.
///
/// Durations count from the bubble's start.
pub(crate) trait Engine: Send + Sync {
    fn now(&self) -> Duration;

    /// As [`now`](Self::now), without a look at tokio's clock.
    #[cfg_attr(not(seam), expect(dead_code, reason = "only the seam sees calls"))]
    fn last_known(&self) -> Duration {
        self.now()
    }

    /// The instant of `now`, for callers inside the runtime.
    fn start(&self) -> Instant;

    fn is_virtual(&self) -> bool;

    /// The instant at which the root wants to be polled even if nobody woke it: at that instant, nothing else
    /// is left that could happen.
    fn alarm(&self) -> Option<Instant>;

    /// Told that the body goes on, says whether that changes the alarm.
    fn goes_on(&self) -> bool {
        false
    }

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

    /// Whether std's clocks, threads and sockets are virtual too.
    fn is_whole(&self) -> bool {
        false
    }

    /// What the system's clock shows, since 1970. Asked only where it is virtual.
    fn system(&self) -> Duration {
        unreachable!("the system's clock is real here")
    }

    /// What the system's clock showed when the test began, since 1970, if it is virtual and anybody has asked it.
    fn date(&self) -> Option<Duration> {
        None
    }

    fn set_system(&self, _since_1970: Duration) {
        unreachable!("the system's clock is real here")
    }

    /// Who keeps the clock from moving, apart from guards and the calling thread.
    fn held_by(&self) -> Vec<Holder> {
        Vec::new()
    }

    /// Whether nothing is left in the bubble that could happen, and it is only waited for others, who may yet wake it.
    fn is_idle(&self) -> bool {
        false
    }

    /// Stops the clock until the body is polled, or no other test goes on; then the root is cut as starved once more.
    fn starve(&self);

    /// Ends what `starve` began.
    fn feed(&self);

    /// Whether the clock is stopped so.
    fn is_starving(&self) -> bool {
        false
    }

    /// Whether something may yet happen in the bubble by itself, as others see it.
    fn may_go_on(&self) -> bool {
        true
    }

    /// The bubble's threads other than the calling one, the longest at rest first.
    fn threads(&self) -> Vec<ThreadWait> {
        Vec::new()
    }

    /// Holds the clock until the guard is dropped, since someone outside will wake the bubble.
    fn hold(&self) -> Box<dyn Send + Sync>;
}
