use std::any::Any;
use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use super::answer::Awaits;
use super::args::Args;
use super::copies::Copies;
use super::mode::{Holds, Sent};
use super::owed::{Lacking, Lacks};
use super::signature::Signature;
use super::state::Shared;
use crate::bubble::lock;
use crate::os::Confined;

/// A call that the test answers by hand, as its two ends see it.
pub(super) struct Hand<S: Signature> {
    number: u32,
    kept: Arc<Mutex<S::Kept>>,
    state: Mutex<State<S::Output>>,
}

struct State<O> {
    answer: Option<Confined<O>>,
    /// The caller's, while it waits.
    waker: Option<Waker>,
    is_caller_gone: bool,
    /// What the caller waits for.
    lacking: Lacking,
}

/// A call in the test's hand, to those who know nothing of its signature.
pub(super) trait Handed: Any + Send + Sync {
    fn number(&self) -> u32;

    fn is_caller_gone(&self) -> bool;
}

/// Takes a call in the test's hand, if there are copies of its arguments: those of the book, or others.
pub(super) type Taking<S> = fn(
    number: u32,
    place: Option<usize>,
    copies: &mut Copies<<S as Signature>::Kept>,
    kept: &mut Option<<S as Signature>::Kept>,
) -> Option<Taken<<S as Signature>::Output>>;

/// The two ends of a call in the test's hand.
pub(super) struct Taken<O> {
    pub(super) callers: Arc<dyn Awaits<O>>,
    pub(super) tests: Arc<dyn Handed>,
}

impl<S: Signature> Hand<S> {
    pub(super) fn take(
        number: u32,
        place: Option<usize>,
        copies: &mut Copies<S::Kept>,
        kept: &mut Option<S::Kept>,
    ) -> Option<Taken<S::Output>> {
        let booked = place.and_then(|place| copies.share()[place].clone());
        let kept = booked.or_else(|| Some(Arc::new(Mutex::new(kept.take()?))))?;
        let state = Mutex::new(State { answer: None, waker: None, is_caller_gone: false, lacking: Lacking::NextCall });
        let hand = Arc::new(Self { number, kept, state });
        let callers: Arc<dyn Awaits<S::Output>> = Arc::<Self>::clone(&hand);
        Some(Taken { callers, tests: hand })
    }
}

impl<S: Signature> Handed for Hand<S> {
    fn number(&self) -> u32 {
        self.number
    }

    fn is_caller_gone(&self) -> bool {
        lock(&self.state).is_caller_gone
    }
}

impl<S: Signature> Lacks for Hand<S> {
    fn lacking(&self) -> Lacking {
        lock(&self.state).lacking
    }
}

impl<S: Signature> Awaits<S::Output> for Hand<S> {
    fn pass(&self, _: u32, waker: &Waker) -> Poll<Option<Confined<S::Output>>> {
        let mut state = lock(&self.state);
        if let Some(answer) = state.answer.take() {
            return Poll::Ready(Some(answer));
        }
        state.waker = Some(waker.clone());
        Poll::Pending
    }

    fn leave(&self, _: u32) {
        lock(&self.state).is_caller_gone = true;
    }
}

/// Waits for a call that no rule takes. See [`MockFn::next_call`](super::MockFn::next_call).
#[must_use = "nothing is waited for until this is awaited"]
pub struct NextCall<S: Signature> {
    pub(super) mock: Arc<Shared>,
    pub(super) is_waiting: bool,
    pub(super) signature: PhantomData<fn() -> S>,
}

impl<S: Signature> Drop for NextCall<S> {
    fn drop(&mut self) {
        if self.is_waiting {
            self.mock.state().next_calls -= 1;
        }
    }
}

impl<S: Signature> Future for NextCall<S> {
    type Output = Incoming<S>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Incoming<S>> {
        let Self { mock, is_waiting, .. } = &mut *self;
        mock.settle();
        let mut state = mock.state();
        while let Some(hand) = state.hands.pop_front() {
            if !hand.is_caller_gone() {
                let hand: Arc<dyn Any + Send + Sync> = hand;
                let Ok(hand) = hand.downcast::<Hand<S>>() else { unreachable!("a mock has one signature") };
                lock(&hand.state).lacking = Lacking::Respond;
                return Poll::Ready(Incoming { hand });
            }
        }
        state.wake_at_call(cx.waker());
        if !std::mem::replace(is_waiting, true) {
            state.next_calls += 1;
        }
        Poll::Pending
    }
}

impl<S: Signature> fmt::Debug for NextCall<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NextCall").field("mock", &self.mock.name).finish_non_exhaustive()
    }
}

/// A call that waits for the test to answer it. Dropped unanswered, it leaves the caller waiting.
pub struct Incoming<S: Signature> {
    hand: Arc<Hand<S>>,
}

impl<S: Signature> Incoming<S> {
    /// Gives the arguments, to be compared with what is expected: a value for the one argument, or a tuple of several.
    pub fn args(&self) -> Args<S> {
        Args::new(Some(Arc::clone(&self.hand.kept)))
    }

    /// Answers, and says whether the caller was still there.
    pub fn respond(self, answer: S::Output) -> bool
    where
        Sent: Holds<S::Output>,
    {
        self.give(Sent::hold(answer))
    }

    /// Answers with what cannot be sent, if the caller is on this thread.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::rc::Rc;
    /// use standstill::mock::MockFn;
    ///
    /// standstill::run(async || {
    ///     let name: MockFn<fn(u64) -> Rc<str>> = MockFn::new("name");
    ///     name.by_hand();
    ///     let caller = tokio::task::spawn_local(name.call(7));
    ///
    ///     name.next_call().await.respond_local(Rc::from("seven"));
    ///
    ///     assert_eq!(&*caller.await.unwrap(), "seven");
    /// });
    /// ```
    pub fn respond_local(self, answer: S::Output) -> bool {
        self.give(Confined::bound(answer))
    }

    fn give(self, answer: Confined<S::Output>) -> bool {
        let waker = {
            let mut state = lock(&self.hand.state);
            if state.is_caller_gone {
                return false;
            }
            state.answer = Some(answer);
            state.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
        true
    }

    /// Says whether the caller has dropped the call.
    ///
    /// # Examples
    ///
    /// ```
    /// use standstill::{clock, mock::MockFn};
    ///
    /// standstill::run(async || {
    ///     let fetch: MockFn<fn(u64) -> u64> = MockFn::new("fetch");
    ///     fetch.by_hand();
    ///     let caller = tokio::spawn(fetch.call(7));
    ///     let call = fetch.next_call().await;
    ///
    ///     caller.abort();
    ///     clock::settle().await;
    ///
    ///     assert!(call.is_cancelled());
    ///     assert!(!call.respond(49));
    /// });
    /// ```
    pub fn is_cancelled(&self) -> bool {
        self.hand.is_caller_gone()
    }
}

impl<S: Signature> Drop for Incoming<S> {
    fn drop(&mut self) {
        // If it was answered, nobody asks any more.
        lock(&self.hand.state).lacking = Lacking::Dropped;
    }
}

impl<S: Signature> fmt::Debug for Incoming<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Incoming")
            .field("call", &(self.hand.number + 1))
            .field("args", &self.args())
            .finish_non_exhaustive()
    }
}
