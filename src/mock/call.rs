use std::fmt;
use std::future::Future;
use std::panic::Location;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::{Sleep, sleep};

use super::answer::Then;
use super::mock_fn::MockFn;
use super::refusal::Refusal;
use super::signature::{Async, Signature};
use super::state::Shared;
use crate::bubble::Did;

/// A call of a mock, to be awaited. Made by [`MockFn::call`](super::MockFn::call).
///
/// It is on record from the start; which rule answers is decided when it is first polled.
#[must_use = "a call that is not awaited has no effect"]
pub struct Call<'a, S: Signature> {
    mock: Arc<Shared<S>>,
    number: u32,
    /// Where it was made.
    place: &'static Location<'static>,
    stage: Stage,
    /// Until the answer takes them, or the call ends.
    args: Option<S::Args<'a>>,
    then: Option<Then<'a, S>>,
    delay: Option<Pin<Box<Sleep>>>,
    /// The instant, while it is known to be the present one.
    at: Option<Duration>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Made,
    /// While it is inside a poll; if it is dropped then, the poll panicked.
    Polling,
    Polled,
    Ended,
}

/// Nothing in it is pinned in place: the futures that it polls are boxed.
impl<S: Signature> Unpin for Call<'_, S> {}

impl<'a, S: Signature> Call<'a, S> {
    #[track_caller]
    pub(super) fn new(mock: Arc<Shared<S>>, args: S::Args<'a>, place: &'static Location<'static>) -> Self {
        let number = mock.open(&args, place);
        Self::on_record(mock, number, place, Some(args))
    }

    fn on_record(
        mock: Arc<Shared<S>>,
        number: u32,
        place: &'static Location<'static>,
        args: Option<S::Args<'a>>,
    ) -> Self {
        Self { mock, number, place, stage: Stage::Made, args, then: None, delay: None, at: None }
    }

    fn now(&mut self) -> Duration {
        *self.at.get_or_insert_with(|| self.mock.home().now())
    }

    fn note(&mut self, did: Did) {
        let now = self.now();
        self.mock.note(now, self.number, did);
    }

    fn start(&mut self) {
        let now = self.now();
        let (delay, then) = self.mock.first_poll(now, self.number, self.place, &mut self.args);
        self.then = Some(then);
        if delay > Duration::ZERO {
            assert!(
                Handle::try_current().is_ok(),
                "the call of {} at {} takes its time, by `after`, on tokio's clock: await it under #[async_test], or inside a tokio runtime",
                self.mock.name,
                self.place
            );
            self.delay = Some(Box::pin(sleep(delay)));
        }
    }

    /// Goes on with what it was answered, after its delay.
    fn proceed(&mut self, cx: &mut Context<'_>) -> Poll<S::Output> {
        if let Some(delay) = &mut self.delay {
            if delay.as_mut().poll(cx).is_pending() {
                if let Some(Then::Door(door)) = &self.then {
                    door.approach(self.number, cx.waker());
                }
                return Poll::Pending;
            }
            self.delay = None;
        }
        let value = match self.then.as_mut().expect("it has been answered") {
            Then::Future(future) => {
                let _unpatched = self.mock.unpatch();
                return future.as_mut().poll(cx);
            }
            Then::Made(make) => return Poll::Ready(make()),
            Then::Door(door) => ready!(door.pass(self.number, cx.waker())),
            Then::Hand(hand) => Some(ready!(hand.poll(cx.waker()))),
            Then::Never => {
                // Kept for the moment, so that a report can tell where this is awaited.
                drop(cx.waker().clone());
                return Poll::Pending;
            }
            Then::Value(_) => match self.then.take() {
                Some(Then::Value(value)) => Some(value),
                _ => unreachable!("it has just been seen"),
            },
        };
        let refusal = Refusal::Elsewhere { rule: None };
        let value = value.and_then(|value| value.into_inner().ok());
        Poll::Ready(value.unwrap_or_else(|| self.mock.refuse(self.number, self.place, None, &refusal)))
    }

    fn end(&mut self, value: S::Output) -> S::Output {
        if let Some(args) = self.args.take() {
            S::release(args);
        }
        self.then = None;
        self.stage = Stage::Ended;
        self.note(Did::Complete);
        value
    }
}

impl<S: Signature> Future for Call<'_, S> {
    type Output = S::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<S::Output> {
        let this = &mut *self;
        assert!(
            this.stage != Stage::Ended,
            "the call of {} at {} was polled after it was complete",
            this.mock.name,
            this.place
        );
        let before = std::mem::replace(&mut this.stage, Stage::Polling);
        if before == Stage::Made {
            this.start();
        }
        match this.proceed(cx) {
            Poll::Ready(value) => Poll::Ready(this.end(value)),
            Poll::Pending => {
                this.stage = Stage::Polled;
                this.at = None;
                Poll::Pending
            }
        }
    }
}

/// A call on record whose arguments follow.
///
/// Until then each of them has its own lifetime, where a [`Call`] has one for all.
pub struct Announced<S: Signature>(Call<'static, S>);

/// Puts a call on record, as [`MockFn::call`](super::MockFn::call) does.
#[track_caller]
pub fn announce<S: Async>(mock: &MockFn<S>, args: &S::Args<'_>) -> Announced<S> {
    let mock = Arc::clone(mock.settled());
    let place = Location::caller();
    let number = mock.open(args, place);
    Announced(Call::on_record(mock, number, place, None))
}

impl<S: Signature> Announced<S> {
    /// Gives the call its arguments.
    pub fn with(mut self, args: S::Args<'_>) -> Call<'_, S> {
        // The number goes over to the other call, and with it what there is to note.
        self.0.stage = Stage::Ended;
        Call::on_record(Arc::clone(&self.0.mock), self.0.number, self.0.place, Some(args))
    }
}

impl<S: Signature> Drop for Call<'_, S> {
    fn drop(&mut self) {
        match &self.then {
            Some(Then::Door(door)) => door.leave(self.number),
            Some(Then::Hand(hand)) => hand.leave(),
            _ => {}
        }
        let did = match self.stage {
            Stage::Ended => return,
            Stage::Made => Did::Vanish,
            Stage::Polling => Did::Panic,
            Stage::Polled => {
                if let Some(args) = self.args.take() {
                    S::release(args);
                }
                Did::Cancel
            }
        };
        self.note(did);
    }
}

impl<S: Signature> fmt::Debug for Call<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("mock", &self.mock.name)
            .field("number", &(self.number + 1))
            .finish_non_exhaustive()
    }
}
