use std::cell::Cell;
use std::collections::VecDeque;
use std::ops::{Deref, DerefMut};
use std::panic::Location;
use std::ptr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock};
use std::task::Waker;
use std::thread::{self, ThreadId};
use std::time::Duration;

use super::answer::Then;
use super::book::Book;
use super::family::Relatives;
use super::hand::Hand;
use super::home::Home;
use super::owed::Owed;
use super::refusal::Refusal;
use super::report;
use super::rule_state::{Chosen, RuleState};
use super::run::Inside;
use super::search::{Open, Search};
use super::signature::Signature;
use super::unpatched::Unpatched;
use crate::bubble::{self, Did, Mocked as _, lock};

/// What all clones of a mock share.
pub(super) struct Shared<S: Signature> {
    pub(super) name: &'static str,
    home: OnceLock<Home>,
    nowhere: Home,
    is_settled: AtomicBool,
    /// The thread of its first rule or call, if it belongs nowhere.
    thread: OnceLock<ThreadId>,
    pub(super) keeps_arguments: AtomicBool,
    /// Whether it stands in place of a function.
    pub(super) is_patch: AtomicBool,
    /// If it is one of a generic method's.
    pub(super) relatives: OnceLock<Arc<Relatives>>,
    state: Mutex<State<S>>,
}

thread_local! {
    /// The mock whose state the thread has, by its address; of several, the latest.
    static HELD: Cell<usize> = const { Cell::new(0) };
}

/// A mock's state, as long as the calling thread has it.
pub(super) struct Held<'a, S: Signature> {
    state: MutexGuard<'a, State<S>>,
    before: usize,
}

impl<S: Signature> Deref for Held<'_, S> {
    type Target = State<S>;

    fn deref(&self) -> &State<S> {
        &self.state
    }
}

impl<S: Signature> DerefMut for Held<'_, S> {
    fn deref_mut(&mut self) -> &mut State<S> {
        &mut self.state
    }
}

impl<S: Signature> Drop for Held<'_, S> {
    fn drop(&mut self) {
        HELD.set(self.before);
    }
}

pub(super) struct State<S: Signature> {
    pub(super) rules: Vec<RuleState<S>>,
    /// How many rules checkpoints have let go of.
    pub(super) gone_rules: usize,
    pub(super) book: Book<S::Kept>,
    pub(super) nice: Option<fn() -> S::Output>,
    pub(super) is_by_hand: bool,
    /// Calls that wait for the test to take them.
    pub(super) hands: VecDeque<Arc<Hand<S>>>,
    /// The answers that calls wait for.
    owed: Vec<Owed<S>>,
    /// Who waits for a call.
    waiting: Vec<Waker>,
    /// How many `next_call`s wait for one.
    pub(super) next_calls: usize,
    pub(super) must_be_polled: bool,
    pub(super) violations: Vec<String>,
    pub(super) is_verified: bool,
}

impl<S: Signature> Shared<S> {
    pub(super) fn new(name: &'static str) -> Self {
        Self {
            name,
            home: OnceLock::new(),
            nowhere: Home::nowhere(),
            is_settled: AtomicBool::new(false),
            thread: OnceLock::new(),
            keeps_arguments: AtomicBool::new(true),
            is_patch: AtomicBool::new(false),
            relatives: OnceLock::new(),
            state: Mutex::new(State {
                rules: Vec::new(),
                gone_rules: 0,
                book: Book::new(),
                nice: None,
                is_by_hand: false,
                hands: VecDeque::new(),
                owed: Vec::new(),
                waiting: Vec::new(),
                next_calls: 0,
                must_be_polled: false,
                violations: Vec::new(),
                is_verified: false,
            }),
        }
    }

    /// Decides where it belongs, at its first rule or call: a fixture outside the bubble leaves it to the test.
    pub(super) fn settle(self: &Arc<Self>) {
        if self.is_settled.load(Ordering::Acquire) {
            return;
        }
        if let Some(bubble) = bubble::current() {
            self.home.get_or_init(|| Home::new(self, &bubble));
        } else {
            self.thread.get_or_init(|| thread::current().id());
        }
        self.is_settled.store(true, Ordering::Release);
    }

    pub(super) fn home(&self) -> &Home {
        self.home.get().unwrap_or(&self.nowhere)
    }

    /// Whether a panic here may fail no test: tokio catches those of tasks, and a thread's are known to who joins it.
    pub(super) fn is_out_of_sight(&self) -> bool {
        tokio::task::try_id().is_some() || self.thread.get().is_some_and(|thread| *thread != thread::current().id())
    }

    /// Locks the state. What looks at arguments meanwhile may not ask the mock.
    pub(super) fn state(&self) -> Held<'_, S> {
        let here = ptr::from_ref(self).addr();
        assert!(
            HELD.get() != here,
            "the mock {} is asked by a predicate of its own rule, or by how an argument is compared or shown: give `when_fn` what depends on its calls",
            self.name
        );
        let state = lock(&self.state);
        Held { state, before: HELD.replace(here) }
    }

    /// Lets an answer that is to run on this thread call the real function, if this stands in its place.
    pub(super) fn unpatch(&self) -> Option<Unpatched> {
        self.is_patch.load(Ordering::Relaxed).then(|| Unpatched::enter(ptr::from_ref(self).addr()))
    }

    /// Whether it is a patch's answer that runs on this thread.
    pub(super) fn is_answering_here(&self) -> bool {
        Unpatched::is_inside(ptr::from_ref(self).addr())
    }

    /// The instant of a call that comes.
    #[track_caller]
    fn admit(&self) -> Duration {
        let Some(at) = self.home().admit() else { panic!("{}", report::of_another_test(self.name)) };
        at
    }

    /// Notes a call that is being made, and gives its number.
    #[track_caller]
    pub(super) fn open(&self, args: &S::Args<'_>, place: &'static Location<'static>) -> u32 {
        let home = self.home();
        let at = self.admit();
        let kept = self.keep(args);
        let (number, waiting) = {
            let mut state = self.state();
            let (number, waiting) = state.record(kept, place);
            state.book.note(at, number, Did::Call);
            (number, waiting)
        };
        home.note(at, number, &[Did::Call]);
        wake(waiting);
        number
    }

    /// Notes how a call that is under way came to its end.
    pub(super) fn note(&self, at: Duration, call: u32, did: Did) {
        let _paid = {
            let state = &mut *self.state();
            match did {
                Did::Panic => state.book.note_panic(at, call),
                did => state.book.note(at, call, did),
            }
            let owed = state.owed.iter().position(|owed| owed.call == call);
            owed.map(|owed| state.owed.remove(owed))
        };
        self.home().note(at, call, &[did]);
    }

    /// Makes a sync call.
    ///
    /// What runs no code of the test is one entry in the log, made afterwards, since nothing can happen in between.
    #[track_caller]
    pub(super) fn call_now(&self, args: S::Args<'_>, place: &'static Location<'static>) -> S::Output {
        let home = self.home();
        let at = self.admit();
        let mut unfinished = Unfinished { mock: self, number: None, is_in_log: false };
        let kept = self.keep(&args);
        let mut search = Search::new();
        let (number, waiting, decided);
        let mut is_whole = false;
        {
            let mut state = self.state();
            (number, waiting) = state.record(kept, place);
            unfinished.number = Some(number);
            decided = state.decide(number, &args, &mut search);
            if let Ok(chosen) = &decided {
                is_whole = state.note_start(at, number, chosen);
            }
        }
        wake(waiting);
        let chosen = decided.unwrap_or_else(|open| {
            // A function may look at the calls, and make others.
            let is_seen = matches!(open, Open::Rules(_));
            if is_seen {
                self.state().note_open(at, number);
                unfinished.start(at);
            }
            let chosen = self.choose(open, &mut search, number, &args);
            if !is_seen {
                is_whole = self.state().note_start(at, number, &chosen);
            }
            chosen
        });
        search.wake();
        let is_plain = is_whole || matches!(chosen, Ok(Chosen::Ask { is_plain: true, .. }));
        if !is_plain {
            unfinished.start(at);
        }
        let rule = chosen.as_ref().ok().and_then(Chosen::rule);
        let mut args = Some(args);
        let answered = chosen.and_then(|chosen| self.answer(chosen, &mut args)).and_then(|answered| match answered {
            // A value of a script was put there by another thread, if that is where it may be used.
            (Duration::ZERO, Then::Value(value)) => value.into_inner().map_err(|_| Refusal::Elsewhere { rule }),
            (Duration::ZERO, Then::Made(make)) => Ok(make()),
            (_, then) => {
                if let Then::Hand(hand) = then {
                    hand.leave();
                }
                Err(Refusal::Waits { rule })
            }
        });
        let output = match answered {
            Ok(output) => output,
            Err(refusal) => {
                unfinished.start(at);
                let output = self.refuse_now(number, place, args.as_ref(), &refusal);
                unfinished.number = None;
                return output;
            }
        };
        if let Some(args) = args {
            S::release(args);
        }
        unfinished.number = None;
        if is_plain {
            if !is_whole {
                self.state().book.note(at, number, Did::Complete);
            }
            home.note(at, number, &[Did::Whole]);
        } else {
            self.note(home.now(), number, Did::Complete);
        }
        output
    }

    /// Has a rule answer a call that is first polled; a call that none takes fails.
    pub(super) fn first_poll<'a>(
        &self,
        at: Duration,
        number: u32,
        place: &'static Location<'static>,
        args: &mut Option<S::Args<'a>>,
    ) -> (Duration, Then<'a, S>) {
        self.home().note(at, number, &[Did::Poll]);
        let mut search = Search::new();
        let decided = {
            let mut state = self.state();
            state.book.note(at, number, Did::Poll);
            state.decide(number, args.as_ref().expect("it has not been answered"), &mut search)
        };
        let chosen = {
            let args = args.as_ref().expect("it has not been answered");
            decided.unwrap_or_else(|open| self.choose(open, &mut search, number, args))
        };
        search.wake();
        let rule = chosen.as_ref().ok().and_then(Chosen::rule);
        let (delay, then) = chosen
            .and_then(|chosen| self.answer(chosen, args))
            .unwrap_or_else(|refusal| self.refuse(number, place, args.as_ref(), &refusal));
        if let Some(owed) = Owed::new(number, at, rule, &then) {
            self.state().owed.push(owed);
        }
        (delay, then)
    }

    /// Says which answers calls wait for, unless the mock is busy.
    pub(super) fn owed(&self) -> Vec<String> {
        let Ok(state) = self.state.try_lock() else { return Vec::new() };
        let owed: Vec<_> = state.owed.iter().map(|owed| (owed.call, owed.since, owed.lacking(), owed.rule)).collect();
        drop(state);
        let is_virtual = self.home().is_virtual();
        owed.into_iter()
            .map(|(call, since, lacking, rule)| {
                report::owed(&self.describe(call), is_virtual.then_some(since), lacking, rule)
            })
            .collect()
    }

    /// Says that the test waits for a call which does not come, unless the mock is busy.
    pub(super) fn awaited(&self) -> Option<String> {
        let state = self.state.try_lock().ok().filter(|state| state.next_calls > 0)?;
        Some(report::awaited(self.name, state.book.called(), state.book.polled()))
    }

    /// Copies the arguments, unless the mock was told not to keep them.
    fn keep(&self, args: &S::Args<'_>) -> Option<S::Kept> {
        self.keeps_arguments.load(Ordering::Relaxed).then(|| S::keep(args))
    }

    /// Goes on until it is decided who answers a call. Functions, and how arguments are copied, run without the lock: they may ask the mock.
    fn choose<'a>(
        &self,
        mut open: Open<S>,
        search: &mut Search<S>,
        number: u32,
        args: &S::Args<'_>,
    ) -> Result<Chosen<'a, S>, Refusal> {
        loop {
            match open {
                Open::Rules(asks) => search.ask(asks, args)?,
                Open::Copy => search.kept = Some(S::keep(args)),
            }
            match self.state().decide(number, args, search) {
                Ok(chosen) => return chosen,
                Err(still) => open = still,
            }
        }
    }

    fn answer<'a>(
        &self,
        chosen: Chosen<'a, S>,
        args: &mut Option<S::Args<'a>>,
    ) -> Result<(Duration, Then<'a, S>), Refusal> {
        let (rule, nth, delay, run) = match chosen {
            Chosen::Then { delay, then, .. } => return Ok((delay, then)),
            Chosen::Ask { rule, nth, delay, run, .. } => (rule, nth, delay, run),
        };
        let _unpatched = self.unpatch();
        match run.enter(|answer| answer.answer(args)) {
            Ok(Ok(then)) => Ok((delay, then)),
            Ok(Err(why)) => Err(Refusal::unanswered(&why, rule, nth)),
            Err(Inside) => Err(Refusal::Reentrant { rule }),
        }
    }
}

impl<S: Signature> State<S> {
    /// Takes a call on record; gives its number, and who waits for calls.
    fn record(&mut self, kept: Option<S::Kept>, place: &'static Location<'static>) -> (u32, Vec<Waker>) {
        (self.book.open(kept, place), std::mem::take(&mut self.waiting))
    }

    /// Has a waker woken at the next call.
    pub(super) fn wake_at_call(&mut self, waker: &Waker) {
        if !self.waiting.iter().any(|waiting| waiting.will_wake(waker)) {
            self.waiting.push(waker.clone());
        }
    }

    /// Notes the start of a sync call; of one that runs no code of the test, all of it, and then says so.
    fn note_start(&mut self, at: Duration, call: u32, chosen: &Result<Chosen<'_, S>, Refusal>) -> bool {
        let is_whole = matches!(chosen, Ok(Chosen::Then { delay: Duration::ZERO, then: Then::Value(_), .. }));
        if is_whole {
            self.book.note(at, call, Did::Whole);
        } else {
            self.note_open(at, call);
        }
        is_whole
    }

    fn note_open(&mut self, at: Duration, call: u32) {
        self.book.note(at, call, Did::Call);
        self.book.note(at, call, Did::Poll);
    }

    /// Decides who answers a call, as far as it is known.
    fn decide<'a>(
        &mut self,
        number: u32,
        args: &S::Args<'_>,
        search: &mut Search<S>,
    ) -> Result<Result<Chosen<'a, S>, Refusal>, Open<S>> {
        let (rules, gone_rules) = (&mut self.rules, self.gone_rules);
        let found = if let Some(refs) = S::views_of_args(args) {
            search.look(rules, gone_rules, Some(refs))
        } else if let Some(found) =
            self.book.look(number, |kept| search.look(rules, gone_rules, Some(S::views(args, kept))))
        {
            found
        } else {
            let kept = search.kept.take();
            let found = search.look(rules, gone_rules, kept.as_ref().map(|kept| S::views(args, kept)));
            search.kept = kept;
            found
        };
        if let Some(rule) = found? {
            return Ok(self.rules[rule].take());
        }
        if self.is_by_hand {
            let kept = self.book.share(number).or_else(|| Some(Arc::new(Mutex::new(search.kept.take()?))));
            let hand = Arc::new(Hand::new(number, kept.ok_or(Open::Copy)?));
            self.hands.push_back(Arc::clone(&hand));
            search.waiting.append(&mut self.waiting);
            return Ok(Ok(Chosen::Then { rule: None, delay: Duration::ZERO, then: Then::Hand(hand) }));
        }
        let refusal = if self.rules.is_empty() { Refusal::NoRules } else { Refusal::NoRule };
        let default = self.nice.map(Then::Made);
        Ok(default.map(|then| Chosen::Then { rule: None, delay: Duration::ZERO, then }).ok_or(refusal))
    }
}

/// Notes that a sync call panicked, if it is dropped while it has the call's number.
struct Unfinished<'a, S: Signature> {
    mock: &'a Shared<S>,
    number: Option<u32>,
    is_in_log: bool,
}

impl<S: Signature> Unfinished<'_, S> {
    /// Writes the start of the call to the log, unless it is there.
    fn start(&mut self, at: Duration) {
        if let (Some(number), false) = (self.number, self.is_in_log) {
            self.mock.home().note(at, number, &[Did::Call, Did::Poll]);
            self.is_in_log = true;
        }
    }
}

impl<S: Signature> Drop for Unfinished<'_, S> {
    fn drop(&mut self) {
        if let Some(number) = self.number {
            let now = self.mock.home().now();
            self.start(now);
            self.mock.note(now, number, Did::Panic);
        }
    }
}

#[inline]
pub(super) fn wake(waiting: Vec<Waker>) {
    // Nearly always there is nobody.
    if !waiting.is_empty() {
        waiting.into_iter().for_each(Waker::wake);
    }
}
