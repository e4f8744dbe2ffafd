use std::panic::Location;
use std::sync::{Arc, Mutex};
use std::thread::ThreadId;
use std::time::Duration;

use super::answer::Answer;
use super::hand::Hand;
use super::latency::Latency;
use super::refusal::Refusal;
use super::repeats::Again;
use super::report::{self, Lack};
use super::sequence::Place;
use super::shown::name_of;
use super::signature::Signature;
use super::times::Times;
use super::views::{Matcher, Views};
use crate::bubble::lock;

pub(super) struct RuleState<S: Signature> {
    pub(super) matcher: Box<dyn Matcher<S::Views> + Send>,
    pub(super) place: &'static Location<'static>,
    /// What the test said, if it did.
    pub(super) times: Option<Times>,
    pub(super) taken: usize,
    pub(super) latency: Latency,
    pub(super) answer: Option<RuleAnswer<S>>,
    pub(super) turn: Option<Place>,
    /// How to repeat the last step of a script, if it is to be repeated.
    pub(super) again: Option<Again<S::Output>>,
}

pub(super) struct RuleAnswer<S: Signature> {
    /// Whether it runs no code of the test.
    pub(super) is_plain: bool,
    pub(super) run: Arc<Run<dyn Answer<S>>>,
}

/// An answer, and the thread that is inside it.
pub(super) struct Run<A: ?Sized> {
    pub(super) on: Mutex<Option<ThreadId>>,
    pub(super) answer: Mutex<A>,
}

impl<A> Run<A> {
    pub(super) fn new(answer: A) -> Self {
        Self { on: Mutex::default(), answer: Mutex::new(answer) }
    }
}

/// What takes a call.
pub(super) enum Chosen<S: Signature> {
    Rule {
        /// Where it stands.
        rule: &'static Location<'static>,
        nth: usize,
        /// Or how many delays the rule has, if it has none for this call.
        delay: Result<Duration, usize>,
        answer: Option<RuleAnswer<S>>,
    },
    Hand(Arc<Hand<S>>),
    Nice(fn() -> S::Output),
}

impl<S: Signature> RuleAnswer<S> {
    fn share(&self) -> Self {
        Self { is_plain: self.is_plain, run: Arc::clone(&self.run) }
    }
}

impl<S: Signature> RuleState<S> {
    /// The most calls that it takes.
    pub(super) fn most(&self) -> Option<usize> {
        self.times.and_then(|times| times.most)
    }

    /// What it lacks at the end, if it does.
    fn lack(&self) -> Option<Lack> {
        match self.times {
            Some(times) if self.taken < times.least => return Some(Lack::Calls { times, taken: self.taken }),
            None if self.taken == 0 => return Some(Lack::Use),
            _ => {}
        }
        let script = self.answer.as_ref().and_then(|answer| lock(&answer.run.answer).steps());
        let delays = self.latency.steps(self.taken);
        let (used, all) = script.into_iter().chain(delays).find(|(used, all)| used < all)?;
        Some(Lack::Steps { used, all })
    }

    pub(super) fn unmet(&self, name: &str) -> Option<String> {
        let lack = self.lack()?;
        Some(report::unmet(name, &self.expects(), &lack))
    }

    pub(super) fn expects(&self) -> String {
        self.matcher.expects(&name_of::<S>)
    }
}

/// The first rule that takes the call, or what it holds against it.
pub(super) fn choose_rule<S: Signature>(
    rules: &mut [RuleState<S>],
    refs: <S::Views as Views>::Refs<'_>,
) -> Option<Result<Chosen<S>, Refusal>> {
    // A rule that takes everything would hide one that says never.
    if let Some(rule) = rules.iter().find(|rule| rule.most() == Some(0) && rule.matcher.matches(refs)) {
        return Some(Err(Refusal::Never { rule: rule.place }));
    }
    for rule in rules {
        let is_spent = rule.most().is_some_and(|most| rule.taken >= most);
        if is_spent || !rule.matcher.matches(refs) {
            continue;
        }
        if let Some(Err(why)) = rule.turn.as_ref().map(Place::take) {
            return Some(Err(Refusal::OutOfOrder { rule: rule.place, why }));
        }
        rule.taken += 1;
        let delay = rule.latency.of(rule.taken);
        return Some(Ok(Chosen::Rule {
            rule: rule.place,
            nth: rule.taken,
            delay,
            answer: rule.answer.as_ref().map(RuleAnswer::share),
        }));
    }
    None
}

/// Says which thread is inside an answer, until it is dropped.
pub(super) struct Inside<'a>(&'a Mutex<Option<ThreadId>>);

impl<'a> Inside<'a> {
    pub(super) fn enter(on: &'a Mutex<Option<ThreadId>>, here: ThreadId) -> Self {
        *lock(on) = Some(here);
        Self(on)
    }
}

impl Drop for Inside<'_> {
    fn drop(&mut self) {
        *lock(self.0) = None;
    }
}
