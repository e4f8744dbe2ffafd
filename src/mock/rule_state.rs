use std::mem::needs_drop;
use std::sync::Arc;

use super::answer::{Gives, Replies, Unanswered};
use super::matching::Matching;
use super::repeats::Again;
use super::run::{Inside, Run};
use super::signature::Signature;
use crate::os::Confined;

/// What a rule matches, and answers; the rest are its [`Terms`](super::terms::Terms).
pub(super) struct RuleState<S: Signature> {
    pub(super) matching: Matching<S::Views>,
    pub(super) answer: Option<RuleAnswer<S>>,
    /// How to repeat the last step of a script, if it is to be repeated.
    pub(super) again: Option<Again<S::Output>>,
}

/// How an answer is had.
pub(super) enum RuleAnswer<S: Signature> {
    Plain(Plain<S::Output>),
    /// Apart from the mock's lock, by code of the test.
    Apart(Arc<dyn Replies<S>>),
}

/// An answer that runs no code of the test but `Clone` and `Drop`.
pub(super) enum Plain<O> {
    /// Had under the mock's lock: its values own nothing, so there is no such code.
    AtHand(Box<dyn Gives<O>>),
    Apart(Arc<PlainRun<O>>),
}

pub(super) type PlainRun<O> = Run<dyn Gives<O>>;

impl<O> Plain<O> {
    pub(super) fn new(answer: impl Gives<O> + 'static) -> Self {
        if needs_drop::<O>() { Self::Apart(Arc::new(Run::new(answer))) } else { Self::AtHand(Box::new(answer)) }
    }

    /// Has a script repeat its last step; or gives the one that is to be told so without the mock's lock.
    pub(super) fn repeat_last(&mut self, again: Again<O>) -> Option<Arc<PlainRun<O>>> {
        match self {
            Self::AtHand(answer) => {
                answer.repeat_last(again);
                None
            }
            Self::Apart(run) => Some(Arc::clone(run)),
        }
    }
}

/// Has a plain answer, apart from the mock's lock.
pub(super) fn give<O>(plain: &PlainRun<O>) -> Result<Confined<O>, Unanswered> {
    match plain.enter(Gives::give) {
        Ok(given) => given,
        Err(Inside) => Err(Unanswered::Reentrant),
    }
}

/// What a rule without an answer gives, where the output is `()`.
pub(super) fn unit<T: 'static>() -> Option<T> {
    let mut unit = Some(());
    let unit: &mut dyn std::any::Any = &mut unit;
    unit.downcast_mut::<Option<T>>()?.take()
}
