use std::fmt;
use std::future::{Future, IntoFuture, poll_fn};
use std::marker::PhantomData;
use std::panic::Location;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use tokio::runtime::Handle;

use super::report;
use super::signature::Signature;
use super::state::Shared;
use crate::bubble::{Seconds, several};

/// Waits for calls. See [`MockFn::wait_until_called`](super::MockFn::wait_until_called).
#[must_use = "nothing is waited for until this is awaited"]
pub struct WaitUntilCalled<S: Signature> {
    pub(super) mock: Arc<Shared>,
    pub(super) count: usize,
    pub(super) limit: Duration,
    pub(super) place: &'static Location<'static>,
    pub(super) signature: PhantomData<fn() -> S>,
}

impl<S: Signature> WaitUntilCalled<S> {
    /// Sets the most time that it may take, instead of an hour: virtual time, where the test has it.
    pub fn within(self, limit: Duration) -> Self {
        Self { limit, ..self }
    }
}

impl<S: Signature> IntoFuture for WaitUntilCalled<S> {
    type Output = ();
    type IntoFuture = Pin<Box<dyn Future<Output = ()> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        let Self { mock, count, limit, place, .. } = self;
        Box::pin(wait(mock, count, limit, place))
    }
}

async fn wait(mock: Arc<Shared>, count: usize, limit: Duration, place: &'static Location<'static>) {
    assert!(
        Handle::try_current().is_ok(),
        "`wait_until_called` of {}, at {place}, waits on tokio's clock: await it under #[async_test], or inside a tokio runtime",
        mock.name
    );
    let enough = poll_fn(|cx| {
        let mut state = mock.state();
        if state.book.called() >= count {
            return Poll::Ready(());
        }
        state.wake_at_call(cx.waker());
        Poll::Pending
    });
    if tokio::time::timeout(limit, enough).await.is_err() {
        let calls = mock.records();
        panic!(
            "{} expected {} within {}, saw {}; waited for at {place}\n{}",
            mock.name,
            several(count, "call"),
            Seconds(limit),
            report::some(calls.len()),
            report::calls(&calls)
        );
    }
}

impl<S: Signature> fmt::Debug for WaitUntilCalled<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WaitUntilCalled")
            .field("mock", &self.mock.name)
            .field("count", &self.count)
            .finish_non_exhaustive()
    }
}
