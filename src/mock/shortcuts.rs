use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use super::MockFn;
use super::answer::Real;
use super::gate::Gate;
use super::mode::{Holds, Roams, Sent};
use super::repeats::{ByClone, Fallible, Repeats};
use super::rule::Rule;
use super::signature::{Async, Signature};

/// A rule for every call: each is [`always`](MockFn::always) and the [`Rule`]'s method of that name.
impl<S: Signature> MockFn<S> {
    /// Answers every call with the same value. See [`Rule::returns`].
    #[track_caller]
    pub fn returns(&self, value: S::Output) -> Rule<S>
    where
        ByClone: Repeats<S::Output>,
        Sent: Holds<S::Output>,
    {
        self.always().returns(value)
    }

    /// Answers one call with a value that need not be `Clone`. See [`Rule::returns_once`].
    #[track_caller]
    pub fn returns_once(&self, value: S::Output) -> Rule<S>
    where
        Sent: Holds<S::Output>,
    {
        self.always().returns_once(value)
    }

    /// Answers each call with the next value. See [`Rule::sequence`].
    #[track_caller]
    pub fn sequence(&self, values: impl IntoIterator<Item = S::Output>) -> Rule<S>
    where
        Sent: Holds<S::Output>,
    {
        self.always().sequence(values)
    }

    /// Answers with what a function makes of the arguments. See [`Rule::answers`].
    #[track_caller]
    pub fn answers<F>(&self, function: F) -> Rule<S>
    where
        F: for<'a> FnMut(S::Args<'a>) -> S::Output + 'static,
        Sent: Holds<F> + Holds<S::Output>,
    {
        self.always().answers(function)
    }

    /// Answers with what an async function makes of the arguments. See [`Rule::answers_async`].
    #[track_caller]
    pub fn answers_async<F, Fut>(&self, function: F) -> Rule<S>
    where
        S: Async,
        F: for<'a> FnMut(S::Args<'a>) -> Fut + 'static,
        Fut: Future<Output = S::Output> + 'static,
        Sent: Holds<F> + Holds<Pin<Box<Fut>>>,
    {
        self.always().answers_async(function)
    }

    /// Calls a real function. See [`Rule::wraps`].
    #[track_caller]
    pub fn wraps<F>(&self, real: F) -> Rule<S>
    where
        F: for<'a> Real<'a, S::Views, S::Args<'a>, S::Output, S::Pace> + Roams + 'static,
    {
        self.always().wraps(real)
    }

    /// Answers every call with an error. See [`Rule::fails`].
    #[track_caller]
    pub fn fails(&self, error: <S::Output as Fallible>::Error) -> Rule<S>
    where
        S::Output: Fallible,
        ByClone: Repeats<<S::Output as Fallible>::Error>,
        Sent: Holds<<S::Output as Fallible>::Error> + Holds<S::Output>,
    {
        self.always().fails(error)
    }

    /// Never answers. See [`Rule::pending`].
    #[track_caller]
    pub fn pending(&self) -> Rule<S>
    where
        S: Async,
    {
        self.always().pending()
    }

    /// Holds the calls back until the test opens the gate. See [`Rule::gate`].
    #[track_caller]
    pub fn gate(&self) -> Gate<S::Output>
    where
        S: Async,
        ByClone: Repeats<S::Output>,
        Sent: Holds<S::Output>,
    {
        self.always().gate()
    }

    /// Has answers take so long. See [`Rule::after`].
    #[track_caller]
    pub fn after(&self, delay: Duration) -> Rule<S>
    where
        S: Async,
    {
        self.always().after(delay)
    }

    /// Has each answer take the next of these times. See [`Rule::after_each`].
    #[track_caller]
    pub fn after_each(&self, delays: impl IntoIterator<Item = Duration>) -> Rule<S>
    where
        S: Async,
    {
        self.always().after_each(delays)
    }

    /// Has every call fail, whatever other rules say. See [`Rule::never`].
    #[track_caller]
    pub fn never(&self) -> Rule<S> {
        self.always().never()
    }
}
