//! What the calls of a rule get.

use std::collections::VecDeque;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;

use super::answer::{Answer, Answers, AnswersAsync, Fails, Gives, Length, Never, Real, Returns, Script, Waits, Wraps};
use super::gate::{Door, Gate};
use super::mode::{Holds, Roams};
use super::repeats::{ByClone, Fallible, Repeats};
use super::rule::Rule;
use super::rule_state::{Plain, RuleAnswer};
use super::run::Run;
use super::signature::{Async, Signature};
use super::times::Times;
use crate::os::Confined;

#[expect(clippy::return_self_not_must_use, reason = "each method changes the rule where it is, in its mock")]
impl<S: Signature, M: 'static> Rule<S, M> {
    /// Has it answer; what it gave up is dropped without the mock's lock, which its destructor may need.
    fn answer(self, answer: RuleAnswer<S>, length: Option<Length>) -> Self {
        let _before = self.held().and_then(|mut rule| {
            rule.terms().set_length(length);
            rule.typed().answer.replace(answer)
        });
        self
    }

    fn gives(self, mut answer: impl Gives<S::Output> + 'static) -> Self {
        if let Some(mut rule) = self.held()
            && let Some(again) = rule.typed::<S>().again
        {
            answer.repeat_last(again);
        }
        let length = answer.length();
        self.answer(RuleAnswer::Plain(Plain::new(answer)), length)
    }

    fn replies(self, answer: impl Answer<S> + 'static) -> Self {
        self.answer(RuleAnswer::Apart(Arc::new(Run::new(answer))), None)
    }

    /// Answers every call with the same value.
    ///
    /// # Examples
    ///
    /// ```
    /// use standstill::mock::{MockFn, eq};
    ///
    /// standstill::run(async || {
    ///     let fetch: MockFn<fn(u64) -> u64> = MockFn::new("fetch");
    ///     fetch.when(eq(7)).returns(49);
    ///     fetch.always().returns(0);
    ///
    ///     assert_eq!(fetch.call(7).await, 49);
    ///     assert_eq!(fetch.call(8).await, 0);
    /// });
    /// ```
    pub fn returns(self, value: S::Output) -> Self
    where
        ByClone: Repeats<S::Output>,
        M: Holds<S::Output>,
    {
        self.gives(Returns::<S::Output, M> { value: M::hold(value), mode: PhantomData })
    }

    /// Answers one call with a value that need not be `Clone`.
    ///
    /// # Examples
    ///
    /// ```
    /// use standstill::mock::MockFn;
    /// use tokio::sync::oneshot;
    ///
    /// standstill::run(async || {
    ///     let (answer, answered) = oneshot::channel();
    ///     let ask: MockFn<fn() -> oneshot::Receiver<u64>> = MockFn::new("ask");
    ///     ask.always().returns_once(answered);
    ///
    ///     answer.send(7).unwrap();
    ///     assert_eq!(ask.call(()).await.await, Ok(7));
    /// });
    /// ```
    pub fn returns_once(self, value: S::Output) -> Self
    where
        M: Holds<S::Output>,
    {
        self.change(|terms| {
            terms.times.get_or_insert(Times::from(1));
        })
        .script([value].map(M::hold).into(), Length::One)
    }

    /// Answers each call with the next value; a call beyond the last one fails, see [`then_repeat_last`](Self::then_repeat_last).
    ///
    /// # Examples
    ///
    /// ```
    /// use standstill::mock::MockFn;
    ///
    /// standstill::run(async || {
    ///     let fetch: MockFn<fn(u64) -> u64> = MockFn::new("fetch");
    ///     fetch.always().sequence([1, 2]);
    ///
    ///     assert_eq!(fetch.call(7).await, 1);
    ///     assert_eq!(fetch.call(7).await, 2);
    /// });
    /// ```
    pub fn sequence(self, values: impl IntoIterator<Item = S::Output>) -> Self
    where
        M: Holds<S::Output>,
    {
        let values: VecDeque<_> = values.into_iter().map(M::hold).collect();
        let length = Length::Steps(values.len());
        self.script(values, length)
    }

    fn script(self, rest: VecDeque<Confined<S::Output>>, length: Length) -> Self
    where
        M: Holds<S::Output>,
    {
        self.gives(Script::<S::Output, M> { rest, length, last: None, mode: PhantomData })
    }

    /// Has a `sequence` or `after_each` that is at its end repeat its last step.
    ///
    /// # Examples
    ///
    /// ```
    /// use standstill::mock::MockFn;
    ///
    /// standstill::run(async || {
    ///     let fetch: MockFn<fn(u64) -> u64> = MockFn::new("fetch");
    ///     fetch.always().sequence([1, 2]).then_repeat_last();
    ///
    ///     assert_eq!([fetch.call(7).await, fetch.call(7).await, fetch.call(7).await], [1, 2, 2]);
    /// });
    /// ```
    pub fn then_repeat_last(self) -> Self
    where
        ByClone: Repeats<S::Output>,
    {
        let script = self.held().and_then(|mut rule| {
            rule.terms().repeat_last();
            let rule = rule.typed::<S>();
            rule.again = Some(ByClone::again);
            let Some(RuleAnswer::Plain(answer)) = &mut rule.answer else { return None };
            answer.repeat_last(ByClone::again)
        });
        if let Some(script) = script {
            let _ = script.enter(|script| script.repeat_last(ByClone::again));
        }
        self
    }

    /// Answers with what a function makes of the arguments: of nothing, the one argument, or a tuple of several.
    ///
    /// It runs when the call is first polled.
    ///
    /// # Examples
    ///
    /// ```
    /// use standstill::mock::MockFn;
    ///
    /// standstill::run(async || {
    ///     let fetch: MockFn<fn(u64) -> u64> = MockFn::new("fetch");
    ///     fetch.always().answers(|id| id * id);
    ///
    ///     assert_eq!(fetch.call(7).await, 49);
    /// });
    /// ```
    pub fn answers<F>(self, function: F) -> Self
    where
        F: for<'a> FnMut(S::Args<'a>) -> S::Output + 'static,
        M: Holds<F> + Holds<S::Output>,
    {
        self.replies(Answers::<F, M> { function: <M as Holds<F>>::hold(function), mode: PhantomData })
    }

    /// Answers with what an async function makes of the arguments.
    ///
    /// What it needs of borrowed arguments it copies before the `async` block, which must not borrow them. So it is written `|id| async move { .. }`,
    /// rather than `async |id| { .. }`.
    ///
    /// # Examples
    ///
    /// ```
    /// use standstill::{async_mock, prelude::*};
    /// use tokio::time::sleep;
    ///
    /// #[async_mock]
    /// trait Users {
    ///     async fn rename(&self, id: u64, name: &str) -> String;
    /// }
    ///
    /// standstill::run(async || {
    ///     let users = MockUsers::new();
    ///     users.rename.answers_async(|(id, name)| {
    ///         let name = name.to_owned();
    ///         async move {
    ///             sleep(id.secs()).await;
    ///             format!("{id}: {name}")
    ///         }
    ///     });
    ///
    ///     assert_eq!(users.rename(7, "Ada").await, "7: Ada");
    ///     assert_elapsed!(7.secs());
    /// });
    /// ```
    pub fn answers_async<F, Fut>(self, function: F) -> Self
    where
        S: Async,
        F: for<'a> FnMut(S::Args<'a>) -> Fut + 'static,
        Fut: Future<Output = S::Output> + 'static,
        M: Holds<F> + Holds<Pin<Box<Fut>>>,
    {
        self.replies(AnswersAsync::<F, M> { function: <M as Holds<F>>::hold(function), mode: PhantomData })
    }

    /// Calls a real function, with the arguments one by one, and gives its answer: the mock is a spy.
    ///
    /// The function is async if what is mocked is, and sync if that is; for a `MockFn<fn(A) -> B>` it is async.
    ///
    /// The function that a [`patch!`](crate::patch) stands in for may be wrapped as well: `patch!(fetch).wraps(fetch)`. While an answer of a
    /// patch runs, whatever it calls of the patched function is the real one, so such calls are not on record; those of other tasks are.
    ///
    /// # Examples
    ///
    /// ```
    /// use standstill::{mock::MockFn, mock_fn};
    ///
    /// async fn add(left: u64, right: u64) -> u64 {
    ///     left + right
    /// }
    ///
    /// fn size(text: &str) -> usize {
    ///     text.len()
    /// }
    ///
    /// standstill::run(async || {
    ///     let spy: MockFn<fn(u64, u64) -> u64> = MockFn::new("add");
    ///     spy.wraps(add);
    ///     let sync_spy = mock_fn!(fn size(text: &str) -> usize);
    ///     sync_spy.wraps(size);
    ///
    ///     assert_eq!(spy.call((1, 2)).await, 3);
    ///     assert_eq!(sync_spy.call_now("abc"), 3);
    ///     spy.assert_called_once_with((1, 2));
    /// });
    /// ```
    pub fn wraps<F>(self, real: F) -> Self
    where
        F: for<'a> Real<'a, S::Views, S::Args<'a>, S::Output, S::Pace> + Roams + 'static,
    {
        self.replies(Wraps(real))
    }

    /// Answers every call with an error.
    ///
    /// # Examples
    ///
    /// ```
    /// use standstill::mock::MockFn;
    ///
    /// standstill::run(async || {
    ///     let fetch: MockFn<fn(u64) -> Result<u64, &'static str>> = MockFn::new("fetch");
    ///     fetch.always().fails("gone");
    ///
    ///     assert_eq!(fetch.call(7).await, Err("gone"));
    /// });
    /// ```
    pub fn fails(self, error: <S::Output as Fallible>::Error) -> Self
    where
        S::Output: Fallible,
        ByClone: Repeats<<S::Output as Fallible>::Error>,
        M: Holds<<S::Output as Fallible>::Error> + Holds<S::Output>,
    {
        self.gives(Fails::<S::Output, M> {
            error: <M as Holds<<S::Output as Fallible>::Error>>::hold(error),
            mode: PhantomData,
        })
    }

    /// Never answers.
    ///
    /// # Examples
    ///
    /// ```
    /// use standstill::{mock::MockFn, prelude::*};
    /// use tokio::time::timeout;
    ///
    /// standstill::run(async || {
    ///     let fetch: MockFn<fn(u64) -> u64> = MockFn::new("fetch");
    ///     fetch.always().pending();
    ///
    ///     assert!(timeout(5.secs(), fetch.call(7)).await.is_err());
    ///     assert_eq!(fetch.cancelled(), 1);
    /// });
    /// ```
    pub fn pending(self) -> Self
    where
        S: Async,
    {
        self.replies(Never)
    }

    /// Holds the calls back until the test opens the gate with an answer.
    ///
    /// # Examples
    ///
    /// ```
    /// use standstill::{clock, mock::{MockFn, eq}};
    ///
    /// standstill::run(async || {
    ///     let fetch: MockFn<fn(u64) -> u64> = MockFn::new("fetch");
    ///     let gate = fetch.when(eq(7)).gate();
    ///     let call = tokio::spawn(fetch.call(7));
    ///     clock::settle().await;
    ///     assert_eq!(fetch.in_flight(), 1);
    ///
    ///     gate.open(49);
    ///
    ///     assert_eq!(call.await.unwrap(), 49);
    /// });
    /// ```
    pub fn gate(self) -> Gate<S::Output>
    where
        S: Async,
        ByClone: Repeats<S::Output>,
        M: Holds<S::Output>,
    {
        let door = Arc::new(Door::new(M::hold));
        self.replies(Waits(Arc::clone(&door)));
        Gate { door }
    }
}
