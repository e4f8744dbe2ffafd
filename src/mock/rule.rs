use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::panic::Location;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use super::answer::{Answer, Answers, AnswersAsync, Fails, Never, Real, Returns, Script, Waits, Wraps};
use super::gate::{Door, Gate};
use super::latency::Latency;
use super::matching::Matching;
use super::mode::{Holds, Local, Roams, Sent};
use super::repeats::{ByClone, Fallible, Repeats};
use super::report;
use super::rule_state::{RuleAnswer, RuleState, Steps};
use super::sequence::Sequence;
use super::shown::name_of;
use super::signature::{Async, Signature};
use super::state::Shared;
use super::times::Times;

/// A rule of a mock: for which calls, what they get, after how long, how often. Made by [`MockFn::when`](super::MockFn::when).
///
/// Each method changes the rule in its mock; and of two that say the same, the later holds. Where the output is `()`, a rule needs no answer.
/// A rule is to be used at least once, unless [`times`](Self::times) says otherwise.
pub struct Rule<S: Signature, M = Sent> {
    mock: Arc<Shared<S>>,
    number: usize,
    mode: PhantomData<fn() -> M>,
}

impl<S: Signature> Rule<S> {
    #[track_caller]
    pub(super) fn new(mock: Arc<Shared<S>>, matching: Matching<S::Views>, place: &'static Location<'static>) -> Self {
        assert!(!mock.home().is_elsewhere(), "{}", report::of_another_test(mock.name));
        let number = {
            let mut state = mock.state();
            state.rules.push(RuleState {
                matching,
                place,
                times: None,
                is_told_times: false,
                taken: 0,
                hidden_by: None,
                latency: Latency::None,
                answer: None,
                turn: None,
                again: None,
                steps: None,
            });
            state.gone_rules + state.rules.len() - 1
        };
        Self { mock, number, mode: PhantomData }
    }

    /// Lets the answer be what is not `Send`; it is then given on this thread only.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::rc::Rc;
    /// use standstill::mock::{MockFn, eq};
    ///
    /// standstill::run(async || {
    ///     let name: MockFn<fn(u64) -> Rc<str>> = MockFn::new("name");
    ///     name.when(eq(7)).local().returns(Rc::from("seven"));
    ///
    ///     assert_eq!(&*name.call(7).await, "seven");
    /// });
    /// ```
    pub fn local(self) -> Rule<S, Local> {
        Rule { mock: self.mock, number: self.number, mode: PhantomData }
    }
}

#[expect(clippy::return_self_not_must_use, reason = "each method changes the rule where it is, in its mock")]
impl<S: Signature, M: 'static> Rule<S, M> {
    /// Changes the rule; what it gave up is dropped without the mock's lock, which its destructor may need.
    fn change<T>(self, change: impl FnOnce(&mut RuleState<S>) -> T) -> Self {
        drop(self.with(change));
        self
    }

    /// Does something with the rule, unless a checkpoint has let go of it.
    fn with<T>(&self, run: impl FnOnce(&mut RuleState<S>) -> T) -> Option<T> {
        let mut state = self.mock.state();
        let place = self.number.checked_sub(state.gone_rules)?;
        state.rules.get_mut(place).map(run)
    }

    fn answer(self, mut answer: impl Answer<S> + 'static) -> Self {
        self.change(|rule| {
            if let Some(again) = rule.again {
                answer.repeat_last(again);
            }
            rule.steps = answer.steps().map(|all| Steps { all, from: rule.taken });
            rule.answer.replace(RuleAnswer::new(answer))
        })
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
        self.answer(Returns::<S, M> { value: M::hold(value), mode: PhantomData })
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
        self.change(|rule| {
            rule.times.get_or_insert(Times::from(1));
        })
        .sequence([value])
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
        let rest: std::collections::VecDeque<_> = values.into_iter().map(M::hold).collect();
        let steps = rest.len();
        self.answer(Script::<S, M> { rest, steps, last: None, mode: PhantomData })
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
        let script = self.with(|rule| {
            rule.again = Some(ByClone::again);
            rule.latency.repeat_last();
            rule.answer.as_mut()?.repeat_last(ByClone::again)
        });
        if let Some(script) = script.flatten() {
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
        self.answer(Answers::<F, M> { function: <M as Holds<F>>::hold(function), mode: PhantomData })
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
        self.answer(AnswersAsync::<F, M> { function: <M as Holds<F>>::hold(function), mode: PhantomData })
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
        self.answer(Wraps(real))
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
        self.answer(Fails::<S, M> {
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
        self.answer(Never)
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
        self.answer(Waits(Arc::clone(&door)));
        Gate { door }
    }

    /// Has each answer take so long, in virtual time where the test has it. Effects come before, at the first poll.
    ///
    /// # Examples
    ///
    /// ```
    /// use standstill::{mock::MockFn, prelude::*};
    ///
    /// standstill::run(async || {
    ///     let fetch: MockFn<fn(u64) -> u64> = MockFn::new("fetch");
    ///     fetch.always().after(2.secs()).returns(49);
    ///
    ///     assert_eq!(fetch.call(7).await, 49);
    ///     assert_elapsed!(2.secs());
    /// });
    /// ```
    pub fn after(self, delay: Duration) -> Self
    where
        S: Async,
    {
        self.change(|rule| rule.latency = Latency::Same(delay))
    }

    /// Has each answer take the next of these times; a call beyond the last one fails, see [`then_repeat_last`](Self::then_repeat_last).
    ///
    /// They may have no end: `[1.secs(), 2.secs()].into_iter().chain(repeat(5.secs()))`, which needs no `Clone` of the output. Of so many, the
    /// first 100,000 are taken.
    ///
    /// # Examples
    ///
    /// ```
    /// use standstill::{mock::MockFn, prelude::*};
    ///
    /// standstill::run(async || {
    ///     let fetch: MockFn<fn(u64) -> u64> = MockFn::new("fetch");
    ///     fetch.always().after_each([1.secs(), 3.secs()]).returns(49);
    ///
    ///     fetch.call(7).await;
    ///     fetch.call(7).await;
    ///     assert_elapsed!(4.secs());
    /// });
    /// ```
    pub fn after_each(self, delays: impl IntoIterator<Item = Duration>) -> Self
    where
        S: Async,
    {
        let latency = Latency::each(delays);
        self.change(|rule| {
            rule.latency = latency;
            if rule.again.is_some() {
                rule.latency.repeat_last();
            }
        })
    }

    /// Says how often the rule is to be used: a number, or a range. Once it has been used that often, the next rule that matches answers.
    /// A script may then have more steps than were used.
    ///
    /// # Panics
    ///
    /// Panics if it has been used more often already.
    ///
    /// # Examples
    ///
    /// ```
    /// use standstill::mock::MockFn;
    ///
    /// standstill::run(async || {
    ///     let fetch: MockFn<fn(u64) -> u64> = MockFn::new("fetch");
    ///     fetch.always().returns(1).times(1);
    ///     fetch.always().returns(2).times(1..);
    ///
    ///     assert_eq!(fetch.call(7).await, 1);
    ///     assert_eq!(fetch.call(7).await, 2);
    /// });
    /// ```
    #[track_caller]
    pub fn times(self, times: impl Into<Times>) -> Self {
        let times = times.into();
        if let Some(Some(text)) = self.with(|rule| {
            let is_over = times.most.is_some_and(|most| rule.taken > most);
            is_over.then(|| report::over(self.mock.name, &rule.matching.expects(&name_of::<S>), times, rule.taken))
        }) {
            panic!("{text}\n{}", report::calls(&self.mock.calls()));
        }
        self.change(|rule| {
            rule.times = Some(times);
            rule.is_told_times = true;
            if let Some(turn) = &rule.turn {
                turn.set_times(times);
            }
        })
    }

    /// Has a call fail that matches, also if an earlier rule would take it.
    ///
    /// # Panics
    ///
    /// Panics if it has taken one already.
    ///
    /// # Examples
    ///
    /// ```
    /// use standstill::mock::{MockFn, eq};
    ///
    /// standstill::run(async || {
    ///     let fetch: MockFn<fn(u64) -> u64> = MockFn::new("fetch");
    ///     fetch.when(eq(0)).never();
    ///     fetch.always().returns(49);
    ///
    ///     assert_eq!(fetch.call(7).await, 49);
    /// });
    /// ```
    #[track_caller]
    pub fn never(self) -> Self {
        self.times(0)
    }

    /// Puts the rule at the end of a sequence, which rules of several mocks may share. Unless told otherwise, it is to be used once.
    /// It has one place: one that it had before is given up.
    ///
    /// # Examples
    ///
    /// ```
    /// use standstill::mock::{MockFn, Sequence};
    ///
    /// standstill::run(async || {
    ///     let (begin, commit): (MockFn<fn()>, MockFn<fn()>) = (MockFn::new("begin"), MockFn::new("commit"));
    ///     let order = Sequence::new();
    ///     begin.always().in_order(&order);
    ///     commit.always().in_order(&order);
    ///
    ///     begin.call(()).await;
    ///     commit.call(()).await;
    ///     assert_eq!((begin.called(), commit.called()), (1, 1));
    /// });
    /// ```
    pub fn in_order(self, sequence: &Sequence) -> Self {
        let name = self.mock.name;
        let Some(expects) = self.with(|rule| rule.matching.expects(&name_of::<S>)) else { return self };
        let expects = report::rule(name, &expects);
        self.change(|rule| {
            let times = *rule.times.get_or_insert(Times::from(1));
            if let Some(turn) = &rule.turn {
                turn.leave();
            }
            rule.turn = Some(sequence.add(format!("{expects}, {}", rule.place), times));
        })
    }
}

impl<S: Signature, M> fmt::Debug for Rule<S, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rule").field("mock", &self.mock.name).field("number", &(self.number + 1)).finish()
    }
}
