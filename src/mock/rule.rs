use std::fmt;
use std::marker::PhantomData;
use std::panic::Location;
use std::sync::Arc;

use super::latency::Latency;
use super::matching::Matching;
use super::mode::{Local, Sent};
use super::report;
use super::rule_state::RuleState;
use super::signature::Signature;
use super::state::Shared;

/// A rule of a mock: for which calls, what they get, after how long, how often. Made by [`MockFn::when`](super::MockFn::when).
///
/// Each method changes the rule in its mock; and of two that say the same, the later holds. Where the output is `()`, a rule needs no answer.
/// A rule is to be used at least once, unless [`times`](Self::times) says otherwise.
pub struct Rule<S: Signature, M = Sent> {
    pub(super) mock: Arc<Shared<S>>,
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

impl<S: Signature, M: 'static> Rule<S, M> {
    /// Changes the rule; what it gave up is dropped without the mock's lock, which its destructor may need.
    pub(super) fn change<T>(self, change: impl FnOnce(&mut RuleState<S>) -> T) -> Self {
        drop(self.with(change));
        self
    }

    /// Does something with the rule, unless a checkpoint has let go of it.
    pub(super) fn with<T>(&self, run: impl FnOnce(&mut RuleState<S>) -> T) -> Option<T> {
        let mut state = self.mock.state();
        let place = self.number.checked_sub(state.gone_rules)?;
        state.rules.get_mut(place).map(run)
    }
}

impl<S: Signature, M> fmt::Debug for Rule<S, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rule").field("mock", &self.mock.name).field("number", &(self.number + 1)).finish()
    }
}
