use std::fmt;
use std::future::Future;
use std::panic::Location;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use super::answer::Then;
use super::course::Course;
use super::mock_fn::MockFn;
use super::refusal::{Arguments, Given};
use super::search::Search;
use super::signature::{Async, Signature};
use super::state::Shared;

/// A call of a mock, to be awaited. Made by [`MockFn::call`](super::MockFn::call).
///
/// It is on record from the start; which rule answers is decided when it is first polled.
#[must_use = "a call that is not awaited has no effect"]
pub struct Call<'a, S: Signature> {
    course: Course,
    /// Until the answer takes them, or the call ends.
    args: Option<S::Args<'a>>,
    then: Option<Then<'a, S::Output>>,
}

/// Nothing in it is pinned in place: the futures that it polls are boxed.
impl<S: Signature> Unpin for Call<'_, S> {}

impl<'a, S: Signature> Call<'a, S> {
    #[track_caller]
    pub(super) fn new(mock: &Arc<Shared>, args: S::Args<'a>, place: &'static Location<'static>) -> Self {
        let number = mock.open::<S>(&args, place);
        Self::on_record(Course::new(Arc::clone(mock), number, place), Some(args))
    }

    fn on_record(course: Course, args: Option<S::Args<'a>>) -> Self {
        Self { course, args, then: None }
    }

    /// Has a rule answer it; if none takes it, it fails.
    fn start(&mut self) {
        let Self { course, args, then } = self;
        let at = course.now();
        let Some(given) = &*args else { unreachable!("it has not been answered") };
        let (mut search, mut kept) = (Search::new(), None);
        let decided = course.mock.start(at, course.number).decide::<S>(course.number, given, &mut search, &mut kept);
        let chosen = match decided {
            Ok(chosen) => chosen,
            Err(before) => course.mock.choose(before, &mut search, &mut kept, course.number, given),
        };
        search.wake();
        let (answered, rule, delay) = match chosen {
            Ok(chosen) => {
                let (rule, delay) = (chosen.rule, chosen.delay);
                (course.mock.answer(chosen, args), rule, delay)
            }
            Err(refusal) => (Err(refusal), None, Duration::ZERO),
        };
        match answered {
            Ok(answer) => {
                let debtor = answer.debtor();
                *then = Some(answer);
                course.wait_for(debtor, at, rule, delay);
            }
            Err(refusal) => {
                let given = args.as_ref().map(Arguments::<S>);
                course.refuse(given.as_ref().map(|given| given as &dyn Given), &refusal)
            }
        }
    }

    fn end(&mut self, value: S::Output) -> S::Output {
        if let Some(args) = self.args.take() {
            S::release(args);
        }
        self.then = None;
        self.course.end();
        value
    }
}

impl<S: Signature> Future for Call<'_, S> {
    type Output = S::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<S::Output> {
        let this = &mut *self;
        if this.course.is_first_poll() {
            this.start();
        }
        match this.course.proceed(&mut this.then, cx) {
            Poll::Ready(value) => Poll::Ready(this.end(value)),
            Poll::Pending => {
                this.course.pause();
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
    let mock = mock.settled();
    let place = Location::caller();
    let number = mock.open::<S>(args, place);
    Announced(Call::on_record(Course::new(Arc::clone(mock), number, place), None))
}

impl<S: Signature> Announced<S> {
    /// Gives the call its arguments.
    pub fn with(mut self, args: S::Args<'_>) -> Call<'_, S> {
        Call::on_record(self.0.course.go_over(), Some(args))
    }
}

impl<S: Signature> Drop for Call<'_, S> {
    fn drop(&mut self) {
        if let Some(Then::Waits(test)) = &self.then {
            test.leave(self.course.number);
        }
        if self.course.is_cancelled()
            && let Some(args) = self.args.take()
        {
            S::release(args);
        }
        self.course.leave();
    }
}

impl<S: Signature> fmt::Debug for Call<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("mock", &self.course.mock.name)
            .field("number", &(self.course.number + 1))
            .finish_non_exhaustive()
    }
}
