use std::fmt;
use std::marker::PhantomData;
use std::panic::Location;
use std::sync::Arc;

use super::form::Form;
use super::matching::Matching;
use super::mode::{Local, Sent};
use super::report;
use super::rule_state::RuleState;
use super::signature::Signature;
use super::state::{Held, Shared, State};
use super::terms::Terms;

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
    /// Changes the terms of the rule, unless a checkpoint has let go of it.
    pub(super) fn change(self, change: impl FnOnce(&mut Terms)) -> Self {
        if let Some(mut rule) = self.held() {
            change(rule.terms());
        }
        self
    }

    pub(super) fn held(&self) -> Option<HeldRule<'_>> {
        self.mock.rule(self.number)
    }
}

/// A rule, as long as the calling thread has the state of its mock.
pub(super) struct HeldRule<'a> {
    state: Held<'a>,
    place: usize,
}

impl HeldRule<'_> {
    pub(super) fn terms(&mut self) -> &mut Terms {
        &mut self.state.terms[self.place]
    }

    pub(super) fn typed<S: Signature>(&mut self) -> &mut RuleState<S> {
        &mut self.state.typed::<S>().rules[self.place]
    }

    /// Says what it expects.
    pub(super) fn expects(&self, form: &Form) -> String {
        self.state.expects(self.place, form)
    }
}

impl Shared {
    /// Lets in a rule that comes from the mock's own test.
    #[track_caller]
    fn admit_rule(&self) {
        assert!(!self.home().is_elsewhere(), "{}", report::of_another_test(self.name));
    }

    /// Gives a rule, unless a checkpoint has let go of it.
    pub(super) fn rule(&self, number: usize) -> Option<HeldRule<'_>> {
        let state = self.state();
        let place = number.checked_sub(state.gone_rules)?;
        if place < state.terms.len() { Some(HeldRule { state, place }) } else { None }
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
