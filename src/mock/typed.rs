use std::any::Any;
use std::sync::{Arc, Mutex};

use super::copies::Copies;
use super::hand::Taking;
use super::kept_args::KeptArgs;
use super::matching::Expects;
use super::rule_state::RuleState;
use super::signature::Signature;

/// The part of a mock's state that has the types of its signature.
///
/// It is small, and so is the code that deals with it: the compiler makes it anew for each signature, and all other code once.
pub(super) struct Typed<S: Signature> {
    pub(super) copies: Copies<S::Kept>,
    /// What its rules match, and answer.
    pub(super) rules: Vec<RuleState<S>>,
    /// What calls get that no rule takes.
    pub(super) nice: Option<fn() -> S::Output>,
    /// How such calls are handed to the test, if they are.
    pub(super) by_hand: Option<Taking<S>>,
}

/// That part, to those who know nothing of the signature.
pub(super) trait Untyped: Any + Send {
    /// Gives what was kept of a call's arguments, to hold on to.
    fn share(&mut self, place: usize) -> Option<Arc<Mutex<dyn KeptArgs>>>;

    /// Gives what a rule expects.
    fn expects(&self, rule: usize) -> &dyn Expects;

    /// Gives copies and rules away.
    fn turn_over(&mut self) -> Box<dyn Untyped>;
}

impl<S: Signature> Typed<S> {
    pub(super) const fn new() -> Self {
        Self { copies: Copies::new(), rules: Vec::new(), nice: None, by_hand: None }
    }

    /// Knows the signature again.
    pub(super) fn of(untyped: &mut dyn Untyped) -> &mut Self {
        let Some(typed) = (untyped as &mut dyn Any).downcast_mut() else { unreachable!("a mock has one signature") };
        typed
    }
}

impl<S: Signature> Untyped for Typed<S> {
    fn share(&mut self, place: usize) -> Option<Arc<Mutex<dyn KeptArgs>>> {
        match &self.copies.share()[place] {
            Some(kept) => Some(Arc::<Mutex<S::Kept>>::clone(kept)),
            None => None,
        }
    }

    fn expects(&self, rule: usize) -> &dyn Expects {
        &self.rules[rule].matching
    }

    fn turn_over(&mut self) -> Box<dyn Untyped> {
        Box::new(std::mem::replace(self, Self { nice: self.nice, by_hand: self.by_hand, ..Self::new() }))
    }
}
