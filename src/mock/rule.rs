use std::fmt;
use std::marker::PhantomData;
use std::panic::Location;
use std::sync::Arc;

use super::matching::Matching;
use super::mode::{Local, Sent};
use super::report;
use super::rule_state::RuleState;
use super::signature::Signature;
use super::state::{Shared, State};
use super::terms::Terms;
use super::typed::Typed;

/// A rule of a mock: for which calls, what they get, after how long, how often. Made by [`MockFn::when`](super::MockFn::when).
///
/// Each method changes the rule in its mock; and of two that say the same, the later holds. Where the output is `()`, a rule needs no answer.
/// A rule is to be used at least once, unless [`times`](Self::times) says otherwise.
pub struct Rule<S: Signature, M = Sent> {
    pub(super) mock: Arc<Shared>,
    pub(super) number: usize,
    kind: PhantomData<fn(S) -> M>,
}

impl<S: Signature> Rule<S> {
    #[track_caller]
    pub(super) fn new(mock: Arc<Shared>, matching: Matching<S::Views>, place: &'static Location<'static>) -> Self {
        mock.admit_rule();
        let number = {
            let mut state = mock.state();
            let has_function = matching.asked().is_some();
            state.typed::<S>().rules.push(RuleState { matching, answer: None, again: None });
            state.add_rule(Terms::new(place, has_function))
        };
        Self { mock, number, kind: PhantomData }
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
        Rule { mock: self.mock, number: self.number, kind: PhantomData }
    }
}

impl<S: Signature, M: 'static> Rule<S, M> {
    /// Changes the terms of the rule.
    pub(super) fn change(self, mut change: impl FnMut(&mut Terms)) -> Self {
        self.mock.with_terms(self.number, &mut change);
        self
    }

    /// Does something with the rule, unless a checkpoint has let go of it.
    pub(super) fn with<T>(&self, run: impl FnOnce(&mut Terms, &mut RuleState<S>) -> T) -> Option<T> {
        let state = &mut *self.mock.state();
        let place = self.number.checked_sub(state.gone_rules)?;
        let terms = state.terms.get_mut(place)?;
        Some(run(terms, &mut Typed::of(&mut *state.typed).rules[place]))
    }
}

impl Shared {
    /// Lets in a rule that comes from the mock's own test.
    #[track_caller]
    fn admit_rule(&self) {
        assert!(!self.home().is_elsewhere(), "{}", report::of_another_test(self.name));
    }

    /// Does something with the terms of a rule, unless a checkpoint has let go of it.
    pub(super) fn with_terms(&self, number: usize, run: &mut dyn FnMut(&mut Terms)) {
        let mut state = self.state();
        if let Some(place) = number.checked_sub(state.gone_rules)
            && let Some(terms) = state.terms.get_mut(place)
        {
            run(terms);
        }
    }

    /// Says what a rule expects, unless a checkpoint has let go of it.
    pub(super) fn expects(&self, rule: usize) -> Option<String> {
        let state = self.state();
        let place = rule.checked_sub(state.gone_rules)?;
        (place < state.terms.len()).then(|| state.expects(place, &self.form))
    }
}

impl State {
    /// Adds the terms of a rule that was added, and gives its number.
    fn add_rule(&mut self, terms: Terms) -> usize {
        self.terms.push(terms);
        self.gone_rules + self.terms.len() - 1
    }
}

impl<S: Signature, M> fmt::Debug for Rule<S, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rule").field("mock", &self.mock.name).field("number", &(self.number + 1)).finish()
    }
}
