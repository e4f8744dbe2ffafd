use std::fmt;
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};

use super::answer::Awaits;
use super::owed::{Lacking, Lacks};
use super::repeats::{Again, ByClone, Repeats};
use super::run::{Inside, Run};
use crate::bubble::lock;
use crate::os::Confined;

/// Holds calls back until the test opens it. See [`MockFn::gate`](super::MockFn::gate).
#[must_use = "nobody can open a gate that is dropped"]
pub struct Gate<T> {
    pub(super) door: Arc<Door<T>>,
}

/// What the waiting calls and the gate share.
pub(super) struct Door<T> {
    state: Mutex<State<T>>,
    hold: fn(T) -> Confined<T>,
}

struct State<T> {
    /// What it was opened with last.
    open: Option<Opened<T>>,
    waiting: Vec<(u32, Waker)>,
    /// Those that waited when it was opened, and with what.
    released: Vec<(u32, Opened<T>)>,
    is_gate_gone: bool,
}

/// An answer that is copied without the lock of the gate, which its `Clone` may ask.
type Copied<T> = Arc<Run<Confined<T>>>;

/// An answer, and how to have another one.
type Opened<T> = (Copied<T>, Again<T>);

impl<T> State<T> {
    fn release(&mut self, call: u32) -> Option<Opened<T>> {
        let place = self.released.iter().position(|(released, _)| *released == call)?;
        Some(self.released.swap_remove(place).1)
    }

    fn wait(&mut self, call: u32, waker: &Waker) {
        self.waiting.retain(|(waiting, _)| *waiting != call);
        self.waiting.push((call, waker.clone()));
    }
}

impl<T> Door<T> {
    pub(super) fn new(hold: fn(T) -> Confined<T>) -> Self {
        Self {
            state: Mutex::new(State { open: None, waiting: Vec::new(), released: Vec::new(), is_gate_gone: false }),
            hold,
        }
    }
}

impl<T> Lacks for Door<T> {
    fn lacking(&self) -> Lacking {
        if lock(&self.state).is_gate_gone { Lacking::GateGone } else { Lacking::Gate }
    }
}

impl<T> Awaits<T> for Door<T> {
    fn pass(&self, call: u32, waker: &Waker) -> Poll<Option<Confined<T>>> {
        let (value, again) = {
            let mut state = lock(&self.state);
            let Some(opened) = state.release(call).or_else(|| state.open.clone()) else {
                state.wait(call, waker);
                return Poll::Pending;
            };
            opened
        };
        match value.enter(|value| value.get().map(|value| (self.hold)(again(value)))) {
            Ok(value) => Poll::Ready(value.ok()),
            Err(Inside) => panic!("a gate is not passed by what copies its answer"),
        }
    }

    fn approach(&self, call: u32, waker: &Waker) {
        let mut state = lock(&self.state);
        if state.open.is_none() {
            state.wait(call, waker);
        }
    }

    fn leave(&self, call: u32) {
        let _released = {
            let mut state = lock(&self.state);
            state.waiting.retain(|(waiting, _)| *waiting != call);
            state.release(call)
        };
    }
}

impl<T> Gate<T>
where
    ByClone: Repeats<T>,
{
    /// Opens it: the calls that wait, and all that come, get this answer. Opened again, it has another one for those that come then.
    ///
    /// # Examples
    ///
    /// ```
    /// use standstill::{clock, mock::MockFn};
    ///
    /// standstill::run(async || {
    ///     let fetch: MockFn<fn(u64) -> String> = MockFn::new("fetch");
    ///     let gate = fetch.gate();
    ///     let call = tokio::spawn(fetch.call(7));
    ///     clock::settle().await;
    ///     assert_eq!(gate.waiting(), 1);
    ///
    ///     gate.open("seven".to_owned());
    ///
    ///     assert_eq!(call.await.unwrap(), "seven");
    /// });
    /// ```
    pub fn open(&self, answer: T) {
        let answer = Arc::new(Run::new((self.door.hold)(answer)));
        let opened: Opened<T> = (answer, ByClone::again);
        let (waiting, _before) = {
            let mut state = lock(&self.door.state);
            let waiting = std::mem::take(&mut state.waiting);
            state.released.extend(waiting.iter().map(|(call, _)| (*call, opened.clone())));
            (waiting, state.open.replace(opened))
        };
        for (_, waker) in waiting {
            waker.wake();
        }
    }
}

impl<T> Gate<T> {
    /// Says how many calls wait at it.
    pub fn waiting(&self) -> usize {
        lock(&self.door.state).waiting.len()
    }

    /// Says whether it is open.
    pub fn is_open(&self) -> bool {
        lock(&self.door.state).open.is_some()
    }
}

impl<T> Drop for Gate<T> {
    fn drop(&mut self) {
        lock(&self.door.state).is_gate_gone = true;
    }
}

impl<T> fmt::Debug for Gate<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gate").field("is_open", &self.is_open()).field("waiting", &self.waiting()).finish()
    }
}
