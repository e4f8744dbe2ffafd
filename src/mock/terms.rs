use std::panic::Location;
use std::time::Duration;

use super::answer::Length;
use super::latency::Latency;
use super::refusal::Refusal;
use super::report::{Lack, Spent};
use super::sequence::Place;
use super::times::Times;

/// How often a rule is to be used, when, and how often it was: all that does not depend on the mock's signature.
pub(super) struct Terms {
    pub(super) place: &'static Location<'static>,
    /// Whether a function says which calls it takes.
    pub(super) has_function: bool,
    /// How often it is to be used, if that is known.
    pub(super) times: Option<Times>,
    /// Whether it was the test that said how often.
    pub(super) is_told_times: bool,
    pub(super) taken: usize,
    /// Where the rule before it stands that took a call which this one lacks.
    pub(super) hidden_by: Option<&'static Location<'static>>,
    pub(super) latency: Latency,
    pub(super) turn: Option<Place>,
    script: Option<Extent>,
    /// Whether what is at its end repeats its last step.
    repeats_last: bool,
}

/// How far a rule's script goes.
struct Extent {
    length: Length,
    /// How many calls it had taken before it was given the script.
    from: usize,
}

impl Extent {
    /// How many of its steps are used.
    fn used(&self, taken: usize) -> usize {
        (taken - self.from).min(self.length.count())
    }
}

/// A call that a rule has taken.
pub(super) struct Use {
    pub(super) rule: &'static Location<'static>,
    /// Among those of the rule, from one.
    pub(super) nth: usize,
    pub(super) delay: Duration,
}

impl Terms {
    pub(super) const fn new(place: &'static Location<'static>, has_function: bool) -> Self {
        Self {
            place,
            has_function,
            times: None,
            is_told_times: false,
            taken: 0,
            hidden_by: None,
            latency: Latency::None,
            turn: None,
            script: None,
            repeats_last: false,
        }
    }

    /// Begins a script of such a length, or ends one.
    pub(super) fn set_length(&mut self, length: Option<Length>) {
        self.script = length.map(|length| Extent { length, from: self.taken });
    }

    /// Has scripts and delays that are at their end repeat the last.
    pub(super) fn repeat_last(&mut self) {
        self.repeats_last = true;
        self.latency.repeat_last();
    }

    /// The most calls that it takes.
    #[inline]
    pub(super) fn most(&self) -> Option<usize> {
        self.times.and_then(|times| times.most)
    }

    /// Whether it has been used too seldom so far.
    #[inline]
    pub(super) fn is_waiting(&self) -> bool {
        self.taken < self.times.map_or(1, |times| times.least)
    }

    /// Whether it is of interest if an earlier rule takes its calls.
    #[inline]
    pub(super) fn may_be_hidden(&self) -> bool {
        self.hidden_by.is_none() && self.is_waiting() && !self.has_function
    }

    #[inline]
    pub(super) fn is_never(&self) -> bool {
        self.most() == Some(0)
    }

    /// Whether it takes no more calls.
    #[inline]
    pub(super) fn is_spent(&self) -> bool {
        self.most().is_some_and(|most| self.taken >= most)
    }

    /// What has to be done for it to take more calls, if it takes none.
    pub(super) fn spent(&self) -> Option<Spent> {
        let times = self.times.filter(|_| self.is_spent())?;
        let script = self
            .script
            .as_ref()
            .filter(|script| !self.repeats_last && script.used(self.taken) == script.length.count());
        Some(match (script.map(|script| script.length), self.latency.of(self.taken + 1)) {
            (Some(Length::One), _) => Spent::Value,
            (Some(Length::Steps(_)), _) => Spent::Script(times),
            (None, Err(_)) => Spent::Delays(times),
            (None, Ok(_)) => Spent::Times(times),
        })
    }

    /// Takes a call.
    pub(super) fn take(&mut self) -> Result<Use, Refusal> {
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
        Ok(Use { rule, nth, delay })
    }

    /// What it lacks at the end, if it does.
    pub(super) fn lack(&self) -> Option<Lack> {
        match self.times {
            Some(times) if self.is_waiting() => return Some(Lack::Calls { times, taken: self.taken }),
            None if self.is_waiting() => return Some(Lack::Use),
            Some(_) if self.is_told_times => return None,
            _ => {}
        }
        let script = self.script.as_ref();
        let script = script.map(|script| Lack::Steps { used: script.used(self.taken), all: script.length.count() });
        let delays = self.latency.steps(self.taken).map(|(used, all)| Lack::Delays { used, all });
        let is_left =
            |lack: &Lack| matches!(lack, Lack::Steps { used, all } | Lack::Delays { used, all } if used < all);
        script.into_iter().chain(delays).find(is_left)
    }
}
