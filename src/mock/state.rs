use std::backtrace::Backtrace;
use std::cell::Cell;
use std::collections::VecDeque;
use std::ops::{Deref, DerefMut};
use std::panic::Location;
use std::ptr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, Weak};
use std::task::Waker;
use std::thread::{self, ThreadId};
use std::time::Duration;

use super::book::Book;
use super::family::Relatives;
use super::form::Form;
use super::hand::Handed;
use super::home::Home;
use super::kept_args::KeptArgs;
use super::owed::Owed;
use super::report;
use super::signature::Signature;
use super::terms::Terms;
use super::typed::{Typed, Untyped};
use super::unpatched::Unpatched;
use crate::bubble::{self, Did, Mocked, lock};
use crate::os;

/// What all clones of a mock share; of its signature, only what is `typed` in its state knows.
pub(super) struct Shared {
    pub(super) name: &'static str,
    pub(super) form: Form,
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
    state: Mutex<State>,
}

thread_local! {
    /// The mock whose state the thread has, by its address; of several, the latest.
    static HELD: Cell<usize> = const { Cell::new(0) };
}

/// A mock's state, as long as the calling thread has it.
pub(super) struct Held<'a> {
    state: MutexGuard<'a, State>,
    before: usize,
}

impl Deref for Held<'_> {
    type Target = State;

    fn deref(&self) -> &State {
        &self.state
    }
}

impl DerefMut for Held<'_> {
    fn deref_mut(&mut self) -> &mut State {
        &mut self.state
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        HELD.set(self.before);
    }
}

pub(super) struct State {
    /// When and how often the rules are to be used, and were; what they match and answer is in `typed`.
    pub(super) terms: Vec<Terms>,
    /// How many rules checkpoints have let go of.
    pub(super) gone_rules: usize,
    pub(super) book: Book,
    /// Calls that wait for the test to take them.
    pub(super) hands: VecDeque<Arc<dyn Handed>>,
    /// The answers that calls wait for.
    owed: Vec<Owed>,
    /// Who waits for a call.
    pub(super) waiting: Vec<Waker>,
    /// How many `next_call`s wait for one.
    pub(super) next_calls: usize,
    pub(super) must_be_polled: bool,
    pub(super) violations: Vec<String>,
    pub(super) is_verified: bool,
    pub(super) typed: Box<dyn Untyped>,
}

impl Shared {
    pub(super) fn of<S: Signature>(name: &'static str) -> Arc<Self> {
        Self::new(name, Form::of::<S>(), Box::new(Typed::<S>::new()))
    }

    fn new(name: &'static str, form: Form, typed: Box<dyn Untyped>) -> Arc<Self> {
        Arc::new(Self {
            name,
            form,
            home: OnceLock::new(),
            nowhere: Home::nowhere(),
            is_settled: AtomicBool::new(false),
            thread: OnceLock::new(),
            keeps_arguments: AtomicBool::new(true),
            is_patch: AtomicBool::new(false),
            relatives: OnceLock::new(),
            state: Mutex::new(State {
                terms: Vec::new(),
                gone_rules: 0,
                book: Book::new(),
                hands: VecDeque::new(),
                owed: Vec::new(),
                waiting: Vec::new(),
                next_calls: 0,
                must_be_polled: false,
                violations: Vec::new(),
                is_verified: false,
                typed,
            }),
        })
    }

    /// Decides where it belongs, at its first rule or call: a fixture outside the bubble leaves it to the test.
    pub(super) fn settle(self: &Arc<Self>) {
        if self.is_settled.load(Ordering::Acquire) {
            return;
        }
        if let Some(bubble) = bubble::current() {
            let mock: Weak<dyn Mocked> = Arc::<Self>::downgrade(self);
            self.home.get_or_init(|| Home::new(mock, &bubble));
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
    pub(super) fn state(&self) -> Held<'_> {
        let here = ptr::from_ref(self).addr();
        assert!(
            HELD.get() != here,
            "the mock {} is asked by a predicate of its own rule, or by how an argument is compared or shown: give `when_fn` what depends on its calls",
            self.name
        );
        let state = lock(&self.state);
        Held { state, before: HELD.replace(here) }
    }

    /// The state, unless the mock is busy.
    pub(super) fn try_state(&self) -> Option<MutexGuard<'_, State>> {
        self.state.try_lock().ok()
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
    pub(super) fn admit(&self) -> Duration {
        let Some(at) = self.home().admit() else { panic!("{}", report::of_another_test(self.name)) };
        at
    }

    /// Notes a call that is being made, and gives its number.
    #[track_caller]
    pub(super) fn open<S: Signature>(&self, args: &S::Args<'_>, place: &'static Location<'static>) -> u32 {
        let at = self.admit();
        let kept = self.keep::<S>(args);
        let (number, waiting) = {
            let mut state = self.state();
            state.typed::<S>().copies.push(kept);
            state.open(at, place)
        };
        self.home().note(at, number, &[Did::Call]);
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

    /// Keeps where a call is dropped unpolled, for a report that does not know where it was made.
    pub(super) fn note_drop(&self, call: u32) {
        if self.state().book.is_first_dropped(call) {
            let stack = os::inside(Backtrace::force_capture);
            self.state().book.dropped = Some((call, Arc::new(stack)));
        }
    }

    /// Says which answers calls wait for, unless the mock is busy.
    pub(super) fn owed(&self) -> Vec<String> {
        let Some(state) = self.try_state() else { return Vec::new() };
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
        let state = self.try_state().filter(|state| state.next_calls > 0)?;
        Some(report::awaited(self.name, state.book.called(), state.book.polled()))
    }

    /// Copies the arguments, unless the mock was told not to keep them.
    pub(super) fn keep<S: Signature>(&self, args: &S::Args<'_>) -> Option<S::Kept> {
        if self.keeps_arguments.load(Ordering::Relaxed) { Some(S::keep(args)) } else { None }
    }

    /// Notes that a call is polled for the first time.
    pub(super) fn start(&self, at: Duration, call: u32) -> Held<'_> {
        self.home().note(at, call, &[Did::Poll]);
        let mut state = self.state();
        state.book.note(at, call, Did::Poll);
        state
    }

    /// Notes that a call waits for an answer.
    pub(super) fn owe(&self, owed: Owed) {
        self.state().owed.push(owed);
    }
}

impl State {
    pub(super) fn typed<S: Signature>(&mut self) -> &mut Typed<S> {
        Typed::of(&mut *self.typed)
    }

    /// Takes a call on record whose arguments were kept; gives its number, and who waits for calls.
    pub(super) fn record(&mut self, place: &'static Location<'static>) -> (u32, Vec<Waker>) {
        (self.book.open(place), std::mem::take(&mut self.waiting))
    }

    /// As `record`, and notes that it is made.
    fn open(&mut self, at: Duration, place: &'static Location<'static>) -> (u32, Vec<Waker>) {
        let (number, waiting) = self.record(place);
        self.book.note(at, number, Did::Call);
        (number, waiting)
    }

    /// Gives what was kept of a call's arguments, unless a checkpoint has let go of it.
    pub(super) fn share(&mut self, call: u32) -> Option<Arc<Mutex<dyn KeptArgs>>> {
        self.typed.share(self.book.index(call)?)
    }

    /// Says what a rule expects.
    pub(super) fn expects(&self, rule: usize, form: &Form) -> String {
        self.typed.expects(rule).expects(&|place| form.name_of(place))
    }

    /// Has a waker woken at the next call.
    pub(super) fn wake_at_call(&mut self, waker: &Waker) {
        if !self.waiting.iter().any(|waiting| waiting.will_wake(waker)) {
            self.waiting.push(waker.clone());
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
