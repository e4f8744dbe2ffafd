use std::mem::needs_drop;
use std::panic::Location;
use std::sync::Arc;
use std::time::Duration;

use super::answer::{Answer, Then};
use super::latency::Latency;
use super::matching::Matching;
use super::refusal::Refusal;
use super::repeats::Again;
use super::report::Lack;
use super::run::Run;
use super::sequence::Place;
use super::shown::name_of;
use super::signature::Signature;
use super::times::Times;

pub(super) struct RuleState<S: Signature> {
    pub(super) matching: Matching<S::Views>,
    pub(super) place: &'static Location<'static>,
    /// How often it is to be used, if that is known.
    pub(super) times: Option<Times>,
    /// Whether it was the test that said how often.
    pub(super) is_told_times: bool,
    pub(super) taken: usize,
    /// Where the rule before it stands that took a call which this one lacks.
    pub(super) hidden_by: Option<&'static Location<'static>>,
    pub(super) latency: Latency,
    pub(super) answer: Option<RuleAnswer<S>>,
    pub(super) turn: Option<Place>,
    /// How to repeat the last step of a script, if it is to be repeated.
    pub(super) again: Option<Again<S::Output>>,
    pub(super) steps: Option<Steps>,
}

/// The length of a rule's script.
pub(super) struct Steps {
    pub(super) all: usize,
    /// How many calls it had taken before it was given the script.
    pub(super) from: usize,
}

/// How an answer is had.
pub(super) enum RuleAnswer<S: Signature> {
    /// Under the mock's lock: it gives values that own nothing, so no code of the test runs.
    AtHand(Box<dyn Answer<S>>),
    /// Apart from it.
    Apart {
        /// Whether it runs no code of the test but `Clone` and `Drop`.
        is_plain: bool,
        run: Arc<Run<dyn Answer<S>>>,
    },
}

/// What a call gets.
pub(super) enum Chosen<'a, S: Signature> {
    Then {
        /// Where the rule stands, if one took the call.
        rule: Option<&'static Location<'static>>,
        delay: Duration,
        then: Then<'a, S>,
    },
    /// A rule's answer, which is to be asked for it.
    Ask {
        /// Where the rule stands.
        rule: &'static Location<'static>,
        nth: usize,
        delay: Duration,
        is_plain: bool,
        run: Arc<Run<dyn Answer<S>>>,
    },
}

impl<S: Signature> Chosen<'_, S> {
    /// Where the rule stands that took the call.
    pub(super) fn rule(&self) -> Option<&'static Location<'static>> {
        match self {
            Self::Then { rule, .. } => *rule,
            Self::Ask { rule, .. } => Some(rule),
        }
    }
}

impl<S: Signature> RuleAnswer<S> {
    pub(super) fn new(answer: impl Answer<S> + 'static) -> Self {
        let is_plain = answer.is_plain();
        if is_plain && !needs_drop::<S::Output>() {
            Self::AtHand(Box::new(answer))
        } else {
            Self::Apart { is_plain, run: Arc::new(Run::new(answer)) }
        }
    }

    /// Has a script repeat its last step; or gives the one that is to be told so without the mock's lock.
    pub(super) fn repeat_last(&mut self, again: Again<S::Output>) -> Option<Arc<Run<dyn Answer<S>>>> {
        match self {
            Self::AtHand(answer) => {
                answer.repeat_last(again);
                None
            }
            Self::Apart { is_plain, run } => is_plain.then(|| Arc::clone(run)),
        }
    }
}

impl<S: Signature> RuleState<S> {
    /// The most calls that it takes.
    pub(super) fn most(&self) -> Option<usize> {
        self.times.and_then(|times| times.most)
    }

    /// Whether it has been used too seldom so far.
    fn is_waiting(&self) -> bool {
        self.taken < self.times.map_or(1, |times| times.least)
    }

    /// Whether it is of interest if an earlier rule takes its calls.
    pub(super) fn may_be_hidden(&self) -> bool {
        self.hidden_by.is_none() && self.is_waiting() && self.matching.asked().is_none()
    }

    pub(super) fn is_never(&self) -> bool {
        self.most() == Some(0)
    }

    /// Whether it takes no more calls.
    pub(super) fn is_spent(&self) -> bool {
        self.most().is_some_and(|most| self.taken >= most)
    }

    /// Takes a call.
    pub(super) fn take<'a>(&mut self) -> Result<Chosen<'a, S>, Refusal> {
        let rule = self.place;
        if self.is_never() {
            return Err(Refusal::Never { rule });
        }
        if let Some(Err(why)) = self.turn.as_ref().map(Place::take) {
            return Err(Refusal::OutOfOrder { rule, why });
        }
        self.taken += 1;
        let nth = self.taken;
        let delay = self.latency.of(nth).map_err(|delays| Refusal::OutOfDelays { rule, nth, delays })?;
        match &mut self.answer {
            Some(RuleAnswer::AtHand(answer)) => {
                let then = answer.answer(&mut None).map_err(|why| Refusal::unanswered(&why, rule, nth))?;
                Ok(Chosen::Then { rule: Some(rule), delay, then })
            }
            Some(RuleAnswer::Apart { is_plain, run }) => {
                Ok(Chosen::Ask { rule, nth, delay, is_plain: *is_plain, run: Arc::clone(run) })
            }
            None if unit::<S::Output>().is_some() => {
                Ok(Chosen::Then { rule: Some(rule), delay, then: Then::Made(|| unit().expect("the output is `()`")) })
            }
            None => Err(Refusal::NoAnswer { rule }),
        }
    }

    /// What it lacks at the end, if it does.
    fn lack(&self) -> Option<Lack> {
        match self.times {
            Some(times) if self.is_waiting() => return Some(Lack::Calls { times, taken: self.taken }),
            None if self.is_waiting() => return Some(Lack::Use),
            Some(_) if self.is_told_times => return None,
            _ => {}
        }
        let script = self.steps.as_ref().map(|steps| ((self.taken - steps.from).min(steps.all), steps.all));
        let script = script.map(|(used, all)| Lack::Steps { used, all });
        let delays = self.latency.steps(self.taken).map(|(used, all)| Lack::Delays { used, all });
        let is_left =
            |lack: &Lack| matches!(lack, Lack::Steps { used, all } | Lack::Delays { used, all } if used < all);
        script.into_iter().chain(delays).find(is_left)
    }

    pub(super) fn unmet(&self) -> Option<Unmet> {
        Some(Unmet {
            lack: self.lack()?,
            expects: self.matching.expects(&name_of::<S>),
            place: self.place,
            hidden_by: self.hidden_by.filter(|_| self.is_waiting()),
        })
    }
}

/// A rule that lacks something.
pub(super) struct Unmet {
    pub(super) lack: Lack,
    pub(super) expects: String,
    pub(super) place: &'static Location<'static>,
    pub(super) hidden_by: Option<&'static Location<'static>>,
}

/// What a rule without an answer gives, where the output is `()`.
pub(super) fn unit<T: 'static>() -> Option<T> {
    let mut unit = Some(());
    let unit: &mut dyn std::any::Any = &mut unit;
    unit.downcast_mut::<Option<T>>()?.take()
}
