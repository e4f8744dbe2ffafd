use std::collections::VecDeque;
use std::panic::Location;
use std::sync::{Arc, Mutex, OnceLock, Weak};
use std::task::Waker;
use std::thread;
use std::time::Duration;

use tokio::task::Id;

use super::answer::{Exhausted, Then};
use super::hand::Hand;
use super::home::Home;
use super::kept::Copies;
use super::refusal::Refusal;
use super::rule_state::{Chosen, Inside, RuleState, choose_rule};
use super::signature::Signature;
use crate::bubble::{Did, lock};

/// What all clones of a mock share.
pub(super) struct Shared<S: Signature> {
    pub(super) name: &'static str,
    pub(super) home: OnceLock<Home>,
    this: Weak<Self>,
    pub(super) state: Mutex<State<S>>,
}

#[expect(clippy::struct_excessive_bools, reason = "they are settings, each on its own")]
pub(super) struct State<S: Signature> {
    pub(super) rules: Vec<RuleState<S>>,
    /// How many rules checkpoints have let go of.
    pub(super) gone_rules: usize,
    /// By the number of the call, from `first` on.
    pub(super) records: Vec<Record<S>>,
    /// The number of the first call since the last checkpoint.
    pub(super) first: u32,
    pub(super) nice: Option<fn() -> S::Output>,
    pub(super) is_by_hand: bool,
    /// Calls that wait for the test to take them.
    pub(super) hands: VecDeque<Arc<Hand<S>>>,
    /// Who waits for a call.
    waiting: Vec<Waker>,
    pub(super) must_be_polled: bool,
    pub(super) keeps_arguments: bool,
    pub(super) violations: Vec<String>,
    pub(super) is_verified: bool,
}

pub(super) struct Record<S: Signature> {
    pub(super) kept: Copies<S::Kept>,
    pub(super) task: Option<Id>,
    pub(super) place: &'static Location<'static>,
}

impl<S: Signature> Shared<S> {
    pub(super) fn new(name: &'static str) -> Arc<Self> {
        Arc::new_cyclic(|this| Self {
            name,
            home: OnceLock::new(),
            this: Weak::clone(this),
            state: Mutex::new(State {
                rules: Vec::new(),
                gone_rules: 0,
                records: Vec::new(),
                first: 0,
                nice: None,
                is_by_hand: false,
                hands: VecDeque::new(),
                waiting: Vec::new(),
                must_be_polled: false,
                keeps_arguments: true,
                violations: Vec::new(),
                is_verified: false,
            }),
        })
    }

    /// Where it is at home: decided when somebody first asks, which a fixture outside the bubble does not.
    pub(super) fn home(&self) -> &Home {
        self.home.get_or_init(|| Home::new(Weak::<Self>::clone(&self.this)))
    }

    /// Notes a call that is being made, and gives its number.
    pub(super) fn open(&self, args: &S::Args<'_>, place: &'static Location<'static>) -> u32 {
        let home = self.home();
        let (number, waiting) = lock(&self.state).record(args, place);
        home.note(home.now(), number, &[Did::Call]);
        wake(waiting);
        number
    }

    /// Makes a sync call.
    ///
    /// What runs no code of the test is one entry in the log, made afterwards, since nothing can happen in between.
    pub(super) fn call_now(&self, args: S::Args<'_>, place: &'static Location<'static>) -> S::Output {
        let home = self.home();
        let (number, waiting, chosen) = {
            let mut state = lock(&self.state);
            let (number, waiting) = state.record(&args, place);
            (number, waiting, state.choose(number, &args))
        };
        wake(waiting);
        let is_plain = matches!(&chosen, Ok(Chosen::Rule { answer: Some(answer), .. }) if answer.is_plain);
        let mut unfinished = Unfinished { mock: self, number, is_finished: false };
        if !is_plain {
            home.note(home.now(), number, &[Did::Call, Did::Poll]);
        }
        let mut args = Some(args);
        let output = match self.answer(number, chosen, &mut args) {
            (_, Then::Value(value)) => value.into_inner().expect("it has just been given"),
            (_, Then::Made(make)) => make(),
            _ => unreachable!("a rule of a sync function answers at once"),
        };
        if let Some(args) = args {
            S::release(args);
        }
        unfinished.is_finished = true;
        home.note(home.now(), number, &[if is_plain { Did::Whole } else { Did::Complete }]);
        output
    }

    /// Has a rule answer a call that is first polled; a call that none takes fails.
    pub(super) fn first_poll<'a>(&self, number: u32, args: &mut Option<S::Args<'a>>) -> (Duration, Then<'a, S>) {
        let chosen = lock(&self.state).choose(number, args.as_ref().expect("it has not been answered"));
        self.answer(number, chosen, args)
    }

    fn answer<'a>(
        &self,
        number: u32,
        chosen: Result<Chosen<S>, Refusal>,
        args: &mut Option<S::Args<'a>>,
    ) -> (Duration, Then<'a, S>) {
        let refusal = match chosen {
            Ok(Chosen::Hand(hand)) => return (Duration::ZERO, Then::Hand(hand)),
            Ok(Chosen::Nice(default)) => return (Duration::ZERO, Then::Made(default)),
            Ok(Chosen::Rule { rule, nth, delay: Err(steps), .. }) => Refusal::Exhausted { rule, nth, steps },
            Ok(Chosen::Rule { rule, nth, delay: Ok(delay), answer: Some(answer) }) => {
                let here = (!answer.is_plain).then(|| thread::current().id());
                if here.is_some() && *lock(&answer.run.on) == here {
                    self.refuse(number, args.as_ref(), &Refusal::Reentrant { rule });
                }
                let answered = {
                    let mut run = lock(&answer.run.answer);
                    let _inside = here.map(|here| Inside::enter(&answer.run.on, here));
                    run.answer(args)
                };
                match answered {
                    Ok(then) => return (delay, then),
                    Err(Exhausted { steps }) => Refusal::Exhausted { rule, nth, steps },
                }
            }
            Ok(Chosen::Rule { delay: Ok(delay), answer: None, .. }) if unit::<S::Output>().is_some() => {
                return (delay, Then::Made(|| unit().expect("the output is `()`")));
            }
            Ok(Chosen::Rule { rule, answer: None, .. }) => Refusal::NoAnswer { rule },
            Err(refusal) => refusal,
        };
        self.refuse(number, args.as_ref(), &refusal)
    }
}

impl<S: Signature> State<S> {
    /// Takes a call on record; gives its number, and who waits for calls.
    fn record(&mut self, args: &S::Args<'_>, place: &'static Location<'static>) -> (u32, Vec<Waker>) {
        let kept = if self.keeps_arguments { Copies::InPlace(S::keep(args)) } else { Copies::None };
        self.records.push(Record { kept, task: tokio::task::try_id(), place });
        let count = u32::try_from(self.records.len()).expect("there are fewer calls than that");
        (self.first + count - 1, std::mem::take(&mut self.waiting))
    }

    /// Has a waker woken at the next call.
    pub(super) fn wake_at_call(&mut self, waker: &Waker) {
        if !self.waiting.iter().any(|waiting| waiting.will_wake(waker)) {
            self.waiting.push(waker.clone());
        }
    }

    /// The record of a call, unless a checkpoint has let go of it.
    pub(super) fn record_of(&self, number: u32) -> Option<&Record<S>> {
        self.records.get(number.checked_sub(self.first)? as usize)
    }

    fn choose(&mut self, number: u32, args: &S::Args<'_>) -> Result<Chosen<S>, Refusal> {
        let record = number.checked_sub(self.first).and_then(|place| self.records.get_mut(place as usize));
        let mut fresh;
        let copies = match record {
            Some(record) if !matches!(record.kept, Copies::None) => &mut record.kept,
            _ => {
                fresh = Copies::InPlace(S::keep(args));
                &mut fresh
            }
        };
        let rules = &mut self.rules;
        let chosen = copies.look(|kept| choose_rule::<S>(rules, S::views(args, kept)));
        if let Some(chosen) = chosen.expect("there are copies") {
            return chosen;
        }
        if self.is_by_hand {
            let hand = Arc::new(Hand::new(number, copies.share().expect("there are copies")));
            self.hands.push_back(Arc::clone(&hand));
            wake(std::mem::take(&mut self.waiting));
            return Ok(Chosen::Hand(hand));
        }
        let refusal = if self.rules.is_empty() { Refusal::NoRules } else { Refusal::NoRule };
        self.nice.map(Chosen::Nice).ok_or(refusal)
    }
}

/// Notes that a sync call panicked, if it is dropped before the call is finished.
struct Unfinished<'a, S: Signature> {
    mock: &'a Shared<S>,
    number: u32,
    is_finished: bool,
}

impl<S: Signature> Drop for Unfinished<'_, S> {
    fn drop(&mut self) {
        if !self.is_finished {
            let home = self.mock.home();
            home.note_start(self.number);
            home.note(home.now(), self.number, &[Did::Panic]);
        }
    }
}

fn wake(waiting: Vec<Waker>) {
    for waker in waiting {
        waker.wake();
    }
}

/// What a rule without an answer gives, where the output is `()`.
fn unit<T: 'static>() -> Option<T> {
    let mut unit = Some(());
    let unit: &mut dyn std::any::Any = &mut unit;
    unit.downcast_mut::<Option<T>>()?.take()
}
