use std::cell::LazyCell;
use std::collections::VecDeque;
use std::panic::{Location, resume_unwind};
use std::sync::{Arc, Mutex, OnceLock, Weak};
use std::task::Waker;
use std::thread::{self, ThreadId};
use std::time::Duration;

use tokio::task::Id;

use super::answer::{Answer, Exhausted, Then};
use super::hand::Hand;
use super::home::Home;
use super::kept::{Copies, KeptArgs};
use super::repeats::Again;
use super::report::{self, Lack};
use super::sequence::Place;
use super::signature::Signature;
use super::times::Times;
use super::views::{Matcher, Views};
use crate::bubble::{Complaint, Cut, Did, Fault, Mocked, lock};

/// What all clones of a mock share.
pub(super) struct Shared<S: Signature> {
    pub(super) name: &'static str,
    home: OnceLock<Home>,
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
    pub(super) waiting: Vec<Waker>,
    pub(super) must_be_polled: bool,
    pub(super) keeps_arguments: bool,
    violations: Vec<String>,
    is_verified: bool,
}

pub(super) struct Record<S: Signature> {
    pub(super) kept: Copies<S::Kept>,
    pub(super) task: Option<Id>,
    pub(super) place: &'static Location<'static>,
}

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
    on: Mutex<Option<ThreadId>>,
    pub(super) answer: Mutex<A>,
}

impl<A> Run<A> {
    pub(super) fn new(answer: A) -> Self {
        Self { on: Mutex::default(), answer: Mutex::new(answer) }
    }
}

/// How long a rule's answers take.
pub(crate) enum Latency {
    None,
    Same(Duration),
    Each { delays: Vec<Duration>, repeats_last: bool },
}

/// Why a call has no answer.
enum Refusal {
    NoRule,
    Never { rule: usize },
    Exhausted { rule: usize, nth: usize, steps: usize },
    NoAnswer { rule: usize },
    OutOfOrder { rule: usize, why: String },
    Reentrant { rule: usize },
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

    /// Fails the call, and with it whoever awaits it.
    fn refuse(&self, number: u32, args: Option<&S::Args<'_>>, refusal: &Refusal) -> ! {
        let home = self.home();
        home.note_start(number);
        home.note(home.now(), number, &[Did::Refuse]);
        let text = self.refusal(number, args, refusal);
        lock(&self.state).violations.push(text.clone());
        match self.home().bubble() {
            // The harness reports it, so the panic hook need not, which would name a line in here.
            Some(bubble) => {
                if bubble.ends_at_panic && tokio::task::try_id().is_some() {
                    bubble.root.cut(Cut::TaskPanic);
                }
                resume_unwind(Box::new(text))
            }
            None => panic!("{text}"),
        }
    }

    fn refusal(&self, number: u32, args: Option<&S::Args<'_>>, refusal: &Refusal) -> String {
        let calls = self.calls();
        let at = self.home().now();
        let is_virtual = self.home().log(crate::bubble::Log::is_virtual);
        let state = lock(&self.state);
        let why = match refusal {
            Refusal::NoRule if state.rules.is_empty() => report::Why::NoRules,
            Refusal::NoRule => report::Why::NoRule,
            Refusal::Never { rule } => report::Why::Never(state.rules[*rule].place),
            Refusal::Exhausted { rule, nth, steps } => {
                report::Why::Exhausted { place: state.rules[*rule].place, nth: *nth, steps: *steps }
            }
            Refusal::NoAnswer { rule } => report::Why::NoAnswer(state.rules[*rule].place),
            Refusal::Reentrant { rule } => report::Why::Reentrant(state.rules[*rule].place),
            Refusal::OutOfOrder { rule, why } => report::Why::OutOfOrder(state.rules[*rule].place, why.clone()),
        };
        let record = number.checked_sub(state.first).and_then(|place| state.records.get(place as usize));
        let mut rules = Vec::new();
        if let (Some(args), report::Why::NoRule) = (args, &why) {
            let kept = S::keep(args);
            for rule in &state.rules {
                let misses = rule.matcher.misses(S::views(args, &kept));
                let misses =
                    misses.into_iter().map(|place| format!("{} is {}", name_of::<S>(place), Shown(&kept, place)));
                rules.push(report::Tried {
                    expects: rule.expects(),
                    place: rule.place,
                    times: rule.times,
                    is_spent: rule.most().is_some_and(|most| rule.taken >= most),
                    misses: misses.collect(),
                });
            }
        }
        let place = record.map(|record| record.place);
        drop(state);
        report::refused(&self.describe(number), is_virtual.then_some(at), place, &why, &rules, &calls)
    }

    /// Panics as an assertion does, with all the calls.
    #[track_caller]
    pub(super) fn fail(&self, what: &str) -> ! {
        panic!("{what}\n{}", report::calls(&self.calls()))
    }

    /// Whether a fault fails a test that no harness judges: a call that was never polled may be the loser of a `select!`.
    #[expect(clippy::unused_self, reason = "it reads as a question to the mock")]
    pub(super) fn is_held_against(&self, fault: Fault) -> bool {
        fault != Fault::NeverPolled
    }

    /// What has come that must not come, since this was last asked.
    pub(super) fn violations(&self) -> Vec<Complaint> {
        let violations = std::mem::take(&mut lock(&self.state).violations);
        let complaint = |text: String| {
            let (headline, note) = text.split_once('\n').unwrap_or((&text, ""));
            Complaint { fault: Fault::Violated, headline: headline.to_owned(), note: note.to_owned() }
        };
        violations.into_iter().map(complaint).collect()
    }

    /// What has not come, and the calls that came to nothing.
    pub(super) fn lacks(&self) -> Vec<Complaint> {
        // Most mocks are content, so what only a report needs is gathered when one is written.
        let calls = LazyCell::new(|| self.calls());
        let mut complaints = Vec::new();
        let state = lock(&self.state);
        let unmet: Vec<_> = state.rules.iter().filter_map(|rule| Some((rule.unmet(self.name)?, rule.place))).collect();
        let (first, must_be_polled) = (state.first, state.must_be_polled);
        drop(state);
        for (headline, place) in unmet {
            complaints.push(Complaint { fault: Fault::Unmet, headline, note: report::unmet_note(place, &calls) });
        }
        if self.home().has_vanished(first) {
            let unpolled: Vec<_> = calls.iter().filter(|call| call.is_never_polled()).collect();
            let fault = if must_be_polled { Fault::Violated } else { Fault::NeverPolled };
            let headline = report::never_polled(self.name, unpolled.len());
            complaints.push(Complaint { fault, headline, note: report::never_polled_note(unpolled[0], &calls) });
        }
        complaints
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
        self.nice.map(Chosen::Nice).ok_or(Refusal::NoRule)
    }
}

/// The first rule that takes the call, or what it holds against it.
fn choose_rule<S: Signature>(
    rules: &mut [RuleState<S>],
    refs: <S::Views as Views>::Refs<'_>,
) -> Option<Result<Chosen<S>, Refusal>> {
    // A rule that takes everything would hide one that says never.
    if let Some(rule) = rules.iter().position(|rule| rule.most() == Some(0) && rule.matcher.matches(refs)) {
        return Some(Err(Refusal::Never { rule }));
    }
    for (place, rule) in rules.iter_mut().enumerate() {
        let is_spent = rule.most().is_some_and(|most| rule.taken >= most);
        if is_spent || !rule.matcher.matches(refs) {
            continue;
        }
        if let Some(Err(why)) = rule.turn.as_ref().map(Place::take) {
            return Some(Err(Refusal::OutOfOrder { rule: place, why }));
        }
        rule.taken += 1;
        let delay = rule.latency.of(rule.taken);
        return Some(Ok(Chosen::Rule {
            rule: place,
            nth: rule.taken,
            delay,
            answer: rule.answer.as_ref().map(RuleAnswer::share),
        }));
    }
    None
}

/// What takes a call.
enum Chosen<S: Signature> {
    Rule {
        rule: usize,
        nth: usize,
        /// Or how many delays the rule has, if it has none for this call.
        delay: Result<Duration, usize>,
        answer: Option<RuleAnswer<S>>,
    },
    Hand(Arc<Hand<S>>),
    Nice(fn() -> S::Output),
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

/// Says which thread is inside an answer, until it is dropped.
struct Inside<'a>(&'a Mutex<Option<ThreadId>>);

impl<'a> Inside<'a> {
    fn enter(on: &'a Mutex<Option<ThreadId>>, here: ThreadId) -> Self {
        *lock(on) = Some(here);
        Self(on)
    }
}

impl Drop for Inside<'_> {
    fn drop(&mut self) {
        *lock(self.0) = None;
    }
}

fn wake(waiting: Vec<Waker>) {
    for waker in waiting {
        waker.wake();
    }
}

impl Latency {
    /// The delay of the nth use, from one; or how many delays there are, if it has none.
    pub(crate) fn of(&self, nth: usize) -> Result<Duration, usize> {
        match self {
            Self::None => Ok(Duration::ZERO),
            Self::Same(delay) => Ok(*delay),
            Self::Each { delays, repeats_last } => {
                let last = delays.last().filter(|_| *repeats_last);
                delays.get(nth - 1).or(last).copied().ok_or(delays.len())
            }
        }
    }
}

impl Latency {
    /// How many of several delays were used, of how many.
    fn steps(&self, taken: usize) -> Option<(usize, usize)> {
        match self {
            Self::Each { delays, .. } => Some((taken.min(delays.len()), delays.len())),
            Self::None | Self::Same(_) => None,
        }
    }
}

impl<S: Signature> RuleAnswer<S> {
    fn share(&self) -> Self {
        Self { is_plain: self.is_plain, run: Arc::clone(&self.run) }
    }
}

impl<S: Signature> RuleState<S> {
    /// The most calls that it takes.
    fn most(&self) -> Option<usize> {
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

    fn unmet(&self, name: &str) -> Option<String> {
        let lack = self.lack()?;
        Some(report::unmet(name, &self.expects(), &lack))
    }

    pub(super) fn expects(&self) -> String {
        self.matcher.expects(&name_of::<S>)
    }
}

impl<S: Signature> Mocked for Shared<S> {
    fn describe(&self, call: u32) -> String {
        let state = lock(&self.state);
        let record = call.checked_sub(state.first).and_then(|place| state.records.get(place as usize));
        let args = record.and_then(|record| record.kept.look(shown::<S>));
        format!("{}({})", self.name, args.as_deref().unwrap_or(".."))
    }

    fn verify(&self) -> Vec<Complaint> {
        let is_verified = std::mem::replace(&mut lock(&self.state).is_verified, true);
        let mut complaints = self.violations();
        if !is_verified {
            complaints.extend(self.lacks());
        }
        complaints
    }
}

impl<S: Signature> Drop for Shared<S> {
    fn drop(&mut self) {
        let Some(home) = self.home.get() else { return };
        let complaints = self.verify();
        if home.is_in_bubble() {
            home.leave(complaints);
        } else if !thread::panicking() {
            let complaints: Vec<_> =
                complaints.iter().filter(|complaint| self.is_held_against(complaint.fault)).collect();
            assert!(complaints.is_empty(), "{}", report::complaints(&complaints));
        }
    }
}

/// All arguments as text: `id: 7, name: "x"`.
pub(super) fn shown<S: Signature>(kept: &S::Kept) -> String {
    let one = |place: usize| match S::NAMES.get(place) {
        Some(name) => format!("{name}: {}", Shown(kept, place)),
        None => Shown(kept, place).to_string(),
    };
    (0..S::Kept::COUNT).map(one).collect::<Vec<_>>().join(", ")
}

struct Shown<'a, K>(&'a K, usize);

impl<K: KeptArgs> std::fmt::Display for Shown<'_, K> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.show(self.1, f)
    }
}

fn name_of<S: Signature>(place: usize) -> String {
    match (S::NAMES.get(place), S::Kept::COUNT) {
        (Some(name), _) => (*name).to_owned(),
        (None, 1) => "the argument".to_owned(),
        (None, _) => format!("argument {}", place + 1),
    }
}

/// What a rule without an answer gives, where the output is `()`.
fn unit<T: 'static>() -> Option<T> {
    let mut unit = Some(());
    let unit: &mut dyn std::any::Any = &mut unit;
    unit.downcast_mut::<Option<T>>()?.take()
}
