use std::collections::VecDeque;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use super::gate::Door;
use super::mode::Holds;
use super::owed::{Debtor, Lacks};
use super::repeats::{Again, ByClone, Fallible, Repeats};
use super::run::{Inside, Run};
use super::signature::{AtOnce, Awaited, Signature};
use super::views::{View, Views};
use crate::os::Confined;

/// A future that an answer gave.
pub(super) type Answering<'a, O> = Pin<Box<dyn Future<Output = O> + Send + 'a>>;

/// What a call does once it has been answered.
pub(super) enum Then<'a, O> {
    Value(Confined<O>),
    /// Made in the end.
    Made(fn() -> O),
    Future(Answering<'a, O>),
    /// Waits for the test.
    Waits(Arc<dyn Awaits<O>>),
    Never,
}

/// Where calls wait for an answer: a gate, or the hand of the test.
pub(super) trait Awaits<O>: Lacks {
    /// Gives the answer, if it may be had on this thread.
    fn pass(&self, call: u32, waker: &Waker) -> Poll<Option<Confined<O>>>;

    /// Takes a call that is still on its way for one that waits.
    fn approach(&self, _call: u32, _waker: &Waker) {}

    fn leave(&self, call: u32);
}

impl<O: 'static> Then<'_, O> {
    /// Who is to give the answer, if the call waits for one.
    pub(super) fn debtor(&self) -> Option<Debtor> {
        match self {
            Self::Waits(test) => Some(Debtor::Test(Arc::<dyn Awaits<O>>::clone(test))),
            Self::Never => Some(Debtor::Nobody),
            Self::Value(_) | Self::Made(_) | Self::Future(_) => None,
        }
    }
}

/// Why an answer has nothing for a call.
pub(super) enum Unanswered {
    /// The script has no step for it.
    Exhausted(Length),
    /// It is given on another thread than the call's.
    Elsewhere,
    /// It is being asked for one on this thread.
    Reentrant,
}

/// How many values an answer has to give.
#[derive(Clone, Copy)]
pub(super) enum Length {
    /// By `returns_once`.
    One,
    /// Those of a script.
    Steps(usize),
}

impl Length {
    pub(super) fn count(self) -> usize {
        match self {
            Self::One => 1,
            Self::Steps(count) => count,
        }
    }
}

/// What an answer holds, if it may be used on this thread.
fn here<T, E>(held: Result<T, E>) -> Result<T, Unanswered> {
    held.map_err(|_| Unanswered::Elsewhere)
}

/// An answer that does not depend on the arguments, and runs no code of the test but `Clone` and `Drop`.
pub(super) trait Gives<O>: Send {
    fn give(&mut self) -> Result<Confined<O>, Unanswered>;

    /// How many values it has, if it has so many and no more.
    fn length(&self) -> Option<Length> {
        None
    }

    fn repeat_last(&mut self, _: Again<O>) {}
}

/// An answer that may be code of the test.
pub(super) trait Answer<S: Signature>: Send {
    fn answer<'a>(&mut self, args: &mut Option<S::Args<'a>>) -> Result<Then<'a, S::Output>, Unanswered>;
}

/// Such an answer, apart from the mock's lock.
pub(super) trait Replies<S: Signature>: Send + Sync {
    fn reply<'a>(&self, args: &mut Option<S::Args<'a>>) -> Result<Then<'a, S::Output>, Unanswered>;
}

impl<S: Signature, A: Answer<S>> Replies<S> for Run<A> {
    fn reply<'a>(&self, args: &mut Option<S::Args<'a>>) -> Result<Then<'a, S::Output>, Unanswered> {
        match self.enter(|answer| answer.answer(args)) {
            Ok(then) => then,
            Err(Inside) => Err(Unanswered::Reentrant),
        }
    }
}

pub(super) struct Returns<O, M> {
    pub(super) value: Confined<O>,
    pub(super) mode: PhantomData<fn() -> M>,
}

pub(super) struct Script<O, M> {
    pub(super) rest: VecDeque<Confined<O>>,
    pub(super) length: Length,
    pub(super) last: Option<Again<O>>,
    pub(super) mode: PhantomData<fn() -> M>,
}

pub(super) struct Fails<O: Fallible, M> {
    pub(super) error: Confined<O::Error>,
    pub(super) mode: PhantomData<fn() -> M>,
}

pub(super) struct Answers<F, M> {
    pub(super) function: Confined<F>,
    pub(super) mode: PhantomData<fn() -> M>,
}

pub(super) struct AnswersAsync<F, M> {
    pub(super) function: Confined<F>,
    pub(super) mode: PhantomData<fn() -> M>,
}

/// A future that is polled where it may be.
struct Held<F>(Confined<Pin<Box<F>>>);

impl<F: Future> Future for Held<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let Ok(future) = self.0.get_mut() else { panic!("{ELSEWHERE}") };
        future.as_mut().poll(cx)
    }
}

pub(super) struct Wraps<F>(pub(super) F);

pub(super) struct Waits<O>(pub(super) Arc<Door<O>>);

pub(super) struct Never;

const ELSEWHERE: &str = "an answer given by `.local()` is awaited on its own thread only";

impl<O, M: Holds<O>> Gives<O> for Returns<O, M>
where
    ByClone: Repeats<O>,
{
    fn give(&mut self) -> Result<Confined<O>, Unanswered> {
        let value = here(self.value.get())?;
        Ok(M::hold(ByClone::again(value)))
    }
}

impl<O, M: Holds<O>> Gives<O> for Script<O, M> {
    fn give(&mut self) -> Result<Confined<O>, Unanswered> {
        Ok(match (self.rest.len(), self.last) {
            (0, _) => return Err(Unanswered::Exhausted(self.length)),
            (1, Some(again)) => M::hold(again(here(self.rest[0].get())?)),
            _ => self.rest.pop_front().expect("it has one"),
        })
    }

    fn length(&self) -> Option<Length> {
        Some(self.length)
    }

    fn repeat_last(&mut self, again: Again<O>) {
        self.last = Some(again);
    }
}

impl<O: Fallible, M: Holds<O>> Gives<O> for Fails<O, M>
where
    ByClone: Repeats<O::Error>,
{
    fn give(&mut self) -> Result<Confined<O>, Unanswered> {
        let error = here(self.error.get())?;
        Ok(M::hold(O::failed(ByClone::again(error))))
    }
}

impl<S, F, M> Answer<S> for Answers<F, M>
where
    S: Signature,
    F: for<'a> FnMut(S::Args<'a>) -> S::Output,
    M: Holds<S::Output>,
{
    fn answer<'a>(&mut self, args: &mut Option<S::Args<'a>>) -> Result<Then<'a, S::Output>, Unanswered> {
        let function = here(self.function.get_mut())?;
        Ok(Then::Value(M::hold(function(take::<S>(args)))))
    }
}

impl<S, F, Fut, M> Answer<S> for AnswersAsync<F, M>
where
    S: Signature,
    F: for<'a> FnMut(S::Args<'a>) -> Fut,
    Fut: Future<Output = S::Output> + 'static,
    M: Holds<Pin<Box<Fut>>>,
{
    fn answer<'a>(&mut self, args: &mut Option<S::Args<'a>>) -> Result<Then<'a, S::Output>, Unanswered> {
        let function = here(self.function.get_mut())?;
        Ok(Then::Future(Box::pin(Held(M::hold(Box::pin(function(take::<S>(args))))))))
    }
}

impl<S, F> Answer<S> for Wraps<F>
where
    S: Signature,
    F: for<'a> Real<'a, S::Views, S::Args<'a>, S::Output, S::Pace> + Send,
{
    fn answer<'a>(&mut self, args: &mut Option<S::Args<'a>>) -> Result<Then<'a, S::Output>, Unanswered> {
        Ok(match self.0.call(take::<S>(args)) {
            Given::Now(value) => Then::Value(value),
            Given::Later(future) => Then::Future(future),
        })
    }
}

impl<S: Signature> Answer<S> for Waits<S::Output> {
    fn answer<'a>(&mut self, _: &mut Option<S::Args<'a>>) -> Result<Then<'a, S::Output>, Unanswered> {
        Ok(Then::Waits(Arc::<Door<S::Output>>::clone(&self.0)))
    }
}

impl<S: Signature> Answer<S> for Never {
    fn answer<'a>(&mut self, _: &mut Option<S::Args<'a>>) -> Result<Then<'a, S::Output>, Unanswered> {
        Ok(Then::Never)
    }
}

fn take<'a, S: Signature>(args: &mut Option<S::Args<'a>>) -> S::Args<'a> {
    args.take().expect("a call is answered once")
}

/// A real function of a mock's signature, called with the arguments of a call.
#[diagnostic::on_unimplemented(
    message = "the mock cannot wrap `{Self}`",
    label = "expected a function of the mock's arguments, `{Args}`, that gives `{O}`",
    note = "it is to be async if the mock's function is, and sync if that is; here that is `{P}` (`Awaited` is async, `AtOnce` sync)",
    note = "a closure makes the one out of the other: `.wraps(async |id: u64| real(id).await)`, `.wraps(|id: u64| real(id))`",
    note = "an async one whose future is not `Send` stays on its thread: `.always().local().answers_async(|id| real(id))`"
)]
pub trait Real<'a, V: Views, Args, O, P> {
    /// Calls it.
    #[doc(hidden)]
    fn call(&mut self, args: Args) -> Given<'a, O>;
}

/// What a real function gives.
pub enum Given<'a, O> {
    /// It was sync.
    Now(Confined<O>),
    /// It was async.
    Later(Pin<Box<dyn Future<Output = O> + Send + 'a>>),
}

macro_rules! real {
    ($($type:ident $view:ident $name:ident),*; $args:ty, $pattern:pat) => {
        #[diagnostic::do_not_recommend]
        impl<'a, F, $($type, $view: ?Sized + 'static,)* Fut, O> Real<'a, ($(View<$view>,)*), $args, O, Awaited> for F
        where
            F: FnMut($($type),*) -> Fut,
            Fut: Future<Output = O> + Send + 'a,
        {
            fn call(&mut self, $pattern: $args) -> Given<'a, O> {
                Given::Later(Box::pin(self($($name),*)))
            }
        }

        #[diagnostic::do_not_recommend]
        impl<'a, F, $($type, $view: ?Sized + 'static,)* O: Send> Real<'a, ($(View<$view>,)*), $args, O, AtOnce> for F
        where
            F: FnMut($($type),*) -> O,
        {
            fn call(&mut self, $pattern: $args) -> Given<'a, O> {
                Given::Now(Confined::free(self($($name),*)))
            }
        }
    };
    ($($type:ident $view:ident $name:ident),+) => {
        real!($($type $view $name),+; ($($type,)+), ($($name,)+));
    };
}

real!(; (), ());
real!(A V a; A, a);
real!(A V a, B W b);
real!(A V a, B W b, C X c);
real!(A V a, B W b, C X c, D Y d);
real!(A V a, B W b, C X c, D Y d, E Z e);
real!(A V a, B W b, C X c, D Y d, E Z e, G T g);
real!(A V a, B W b, C X c, D Y d, E Z e, G T g, H U h);
real!(A V a, B W b, C X c, D Y d, E Z e, G T g, H U h, I S i);
