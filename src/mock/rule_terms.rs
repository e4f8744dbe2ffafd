//! When the calls of a rule get their answers, how many there are to be, and in which order.

use std::time::Duration;

use super::latency::Latency;
use super::report;
use super::rule::Rule;
use super::sequence::Sequence;
use super::signature::{Async, Signature};
use super::state::Shared;
use super::times::Times;

#[expect(clippy::return_self_not_must_use, reason = "each method changes the rule where it is, in its mock")]
impl<S: Signature, M: 'static> Rule<S, M> {
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
        self.change(|terms| terms.latency = Latency::Same(delay))
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
        if let Some(mut rule) = self.held() {
            rule.terms().latency = latency;
            if rule.typed::<S>().again.is_some() {
                rule.terms().repeat_last();
            }
        }
        self
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
        self.mock.set_times(self.number, times);
        self
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
        self.mock.put_in_order(self.number, sequence);
        self
    }
}

impl Shared {
    #[track_caller]
    fn set_times(&self, rule: usize, times: Times) {
        if let Some(text) = self.over(rule, times) {
            panic!("{text}\n{}", report::calls(&self.records()));
        }
        if let Some(mut rule) = self.rule(rule) {
            let terms = rule.terms();
            terms.times = Some(times);
            terms.is_told_times = true;
            if let Some(turn) = &terms.turn {
                turn.set_times(times);
            }
        }
    }

    /// Says that a rule has taken more calls than that, if it has.
    fn over(&self, rule: usize, times: Times) -> Option<String> {
        let mut rule = self.rule(rule)?;
        let taken = rule.terms().taken;
        let is_over = times.most.is_some_and(|most| taken > most);
        is_over.then(|| report::over(self.name, &rule.expects(&self.form), times, taken))
    }

    fn put_in_order(&self, rule: usize, sequence: &Sequence) {
        let Some(mut rule) = self.rule(rule) else { return };
        let expects = report::rule(self.name, &rule.expects(&self.form));
        let terms = rule.terms();
        let times = *terms.times.get_or_insert(Times::from(1));
        if let Some(turn) = &terms.turn {
            turn.leave();
        }
        terms.turn = Some(sequence.add(format!("{expects}, {}", terms.place), times));
    }
}
