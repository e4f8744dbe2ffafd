use std::panic::Location;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::{Sleep, sleep};

use super::answer::Then;
use super::owed::{Debtor, Owed};
use super::refusal::{Given, Refusal};
use super::state::Shared;
use crate::bubble::Did;

/// How far an async call has come, whatever its signature.
pub(super) struct Course {
    pub(super) mock: Arc<Shared>,
    pub(super) number: u32,
    /// Where it was made.
    place: &'static Location<'static>,
    stage: Stage,
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

impl Course {
    pub(super) fn new(mock: Arc<Shared>, number: u32, place: &'static Location<'static>) -> Self {
        Self { mock, number, place, stage: Stage::Made, delay: None, at: None }
    }

    /// Goes over to another call, and with it what there is to note.
    pub(super) fn go_over(&mut self) -> Self {
        self.stage = Stage::Ended;
        Self::new(Arc::clone(&self.mock), self.number, self.place)
    }

    pub(super) fn now(&mut self) -> Duration {
        *self.at.get_or_insert_with(|| self.mock.home().now())
    }

    fn note(&mut self, did: Did) {
        let now = self.now();
        self.mock.note(now, self.number, did);
    }

    /// Begins a poll, and says whether it is the first.
    pub(super) fn is_first_poll(&mut self) -> bool {
        assert!(
            self.stage != Stage::Ended,
            "the call of {} at {} was polled after it was complete",
            self.mock.name,
            self.place
        );
        std::mem::replace(&mut self.stage, Stage::Polling) == Stage::Made
    }

    /// Fails, and with it whoever awaits it.
    pub(super) fn refuse(&self, args: Option<&dyn Given>, refusal: &Refusal) -> ! {
        self.mock.refuse(self.number, self.place, args, refusal)
    }

    /// Waits for what an answer waits for, and until it may be given.
    pub(super) fn wait_for(
        &mut self,
        debtor: Option<Debtor>,
        since: Duration,
        rule: Option<&'static Location<'static>>,
        delay: Duration,
    ) {
        if let Some(by) = debtor {
            self.mock.owe(Owed { call: self.number, since, rule, by });
        }
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

    /// Goes on with what the call was answered, after its delay.
    pub(super) fn proceed<O>(&mut self, then: &mut Option<Then<'_, O>>, cx: &mut Context<'_>) -> Poll<O> {
        if !self.is_due(cx) {
            if let Some(Then::Waits(test)) = then {
                test.approach(self.number, cx.waker());
            }
            return Poll::Pending;
        }
        let value = match then.as_mut().expect("it has been answered") {
            Then::Future(future) => {
                let _unpatched = self.mock.unpatch();
                return future.as_mut().poll(cx);
            }
            Then::Made(make) => return Poll::Ready(make()),
            Then::Waits(test) => ready!(test.pass(self.number, cx.waker())),
            Then::Never => {
                // Kept for the moment, so that a report can tell where this is awaited.
                drop(cx.waker().clone());
                return Poll::Pending;
            }
            Then::Value(_) => match then.take() {
                Some(Then::Value(value)) => Some(value),
                _ => unreachable!("it has just been seen"),
            },
        };
        if let Some(value) = value
            && let Ok(value) = value.into_inner()
        {
            return Poll::Ready(value);
        }
        self.refuse(None, &Refusal::Elsewhere { rule: None })
    }

    /// Whether its delay, if it has one, is over.
    fn is_due(&mut self, cx: &mut Context<'_>) -> bool {
        if let Some(delay) = &mut self.delay {
            if delay.as_mut().poll(cx).is_pending() {
                return false;
            }
            self.delay = None;
        }
        true
    }

    /// Ends a poll that gave no answer.
    pub(super) fn pause(&mut self) {
        self.stage = Stage::Polled;
        self.at = None;
    }

    pub(super) fn end(&mut self) {
        self.stage = Stage::Ended;
        self.note(Did::Complete);
    }

    /// Whether to drop it now cancels it.
    pub(super) fn is_cancelled(&self) -> bool {
        self.stage == Stage::Polled
    }

    /// Notes that it is dropped.
    pub(super) fn leave(&mut self) {
        let did = match self.stage {
            Stage::Ended => return,
            Stage::Made => {
                if self.mock.form.is_written_at(self.place) {
                    self.mock.note_drop(self.number);
                }
                Did::Vanish
            }
            Stage::Polling => Did::Panic,
            Stage::Polled => Did::Cancel,
        };
        self.note(did);
    }
}
