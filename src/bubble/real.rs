use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use tokio::time::Instant;

use super::engine::Engine;

/// tokio's clock as it is, for `time = "real"` and the multi-thread runtime.
pub(crate) struct Real {
    start: Instant,
}

impl Real {
    pub(crate) fn new() -> Self {
        Self { start: Instant::from_std(std::time::Instant::now()) }
    }
}

impl Engine for Real {
    fn now(&self) -> Duration {
        self.start.elapsed()
    }

    fn start(&self) -> Instant {
        self.start
    }

    fn is_virtual(&self) -> bool {
        false
    }

    fn alarm(&self) -> Option<Instant> {
        None
    }

    fn was_moved_by_hand(&self) -> bool {
        false
    }

    fn top_of_turn(&self, _: bool) {}

    fn settle(&self) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(tokio::task::yield_now())
    }

    fn advance(&self, _: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        unreachable!("clock::advance refuses the real clock first")
    }

    fn freeze(&self) {}

    fn thaw(&self) {}

    fn starve(&self) {
        unreachable!("the real clock does not jump")
    }

    fn feed(&self) {}

    fn is_frozen(&self) -> bool {
        false
    }

    fn hold(&self) -> Box<dyn Send + Sync> {
        Box::new(())
    }
}
