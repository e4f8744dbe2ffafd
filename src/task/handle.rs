use std::borrow::BorrowMut;
use std::fmt;
use std::future::{Future, IntoFuture};
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker, ready};

use tokio::task::{AbortHandle, Id, JoinError, JoinHandle, coop};

use crate::bubble::{Bubble, Card};

/// A task with a name, or what became of it.
///
/// Awaiting it (also by `&mut`) gives what tokio's `JoinHandle` gives. Dropping it lets the task run on.
pub struct Task<T> {
    pub(super) card: Arc<Card>,
    pub(super) bubble: Arc<Bubble>,
    state: State<T>,
}

enum State<T> {
    Running(JoinHandle<T>),
    Done(Result<T, JoinError>),
    /// The output was handed out.
    Taken,
}

impl<T> Task<T> {
    pub(super) fn new(handle: JoinHandle<T>, card: Arc<Card>, bubble: Arc<Bubble>) -> Self {
        // Nobody else sets it: the card was made for this task.
        let _ = card.id.set(handle.id());
        Self { card, bubble, state: State::Running(handle) }
    }

    /// Gives the task's name.
    pub fn name(&self) -> &str {
        &self.card.name
    }

    /// Gives tokio's id of the task.
    ///
    /// # Panics
    ///
    /// Never: a task has its id from the start.
    pub fn id(&self) -> Id {
        *self.card.id.get().expect("the id is set when the task is made")
    }

    /// Says whether the task has ended: by itself, by a panic, or by cancellation.
    pub fn is_finished(&self) -> bool {
        match &self.state {
            State::Running(handle) => handle.is_finished(),
            State::Done(_) | State::Taken => true,
        }
    }

    /// Cancels the task: it is dropped at its next turn, unless it has ended.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::future::pending;
    /// use standstill::task;
    ///
    /// standstill::run(async || {
    ///     let courier = task::spawn("courier", pending::<()>());
    ///     courier.abort();
    ///
    ///     assert!(courier.await.unwrap_err().is_cancelled());
    /// });
    /// ```
    pub fn abort(&self) {
        if let State::Running(handle) = &self.state {
            handle.abort();
        }
    }

    /// Gives a handle that can cancel the task from elsewhere; `None` once it is known to have ended.
    pub fn abort_handle(&self) -> Option<AbortHandle> {
        match &self.state {
            State::Running(handle) => Some(handle.abort_handle()),
            State::Done(_) | State::Taken => None,
        }
    }

    /// Gives the output of a task that is done; `None` before, and after it was awaited.
    ///
    /// # Examples
    ///
    /// ```
    /// use standstill::{clock, task};
    ///
    /// standstill::run(async || {
    ///     let mut answer = task::spawn("answer", async { 42 });
    ///     assert!(answer.output().is_none());
    ///
    ///     clock::settle().await;
    ///
    ///     assert_eq!(*answer.output().unwrap().as_ref().unwrap(), 42);
    /// });
    /// ```
    pub fn output(&mut self) -> Option<&Result<T, JoinError>> {
        self.finish();
        match &self.state {
            State::Done(output) => Some(output),
            State::Running(_) | State::Taken => None,
        }
    }

    /// Takes the output of a task that is done.
    ///
    /// # Errors
    ///
    /// Gives tokio's `JoinError` if the task panicked or was cancelled.
    ///
    /// # Panics
    ///
    /// Panics if the task has not ended, or was awaited before.
    #[track_caller]
    pub fn into_output(mut self) -> Result<T, JoinError> {
        self.finish();
        match self.state {
            State::Done(output) => output,
            State::Running(_) => panic!("task {:?} has no output yet: it is still running", self.card.name),
            State::Taken => panic!("the output of task {:?} was taken before", self.card.name),
        }
    }

    /// Takes note of the task's end, if it has come.
    pub(super) fn finish(&mut self) {
        if let State::Running(handle) = &mut self.state
            && handle.is_finished()
        {
            // Unconstrained: a budget that is used up must not hide an output that is there.
            let mut handle = coop::unconstrained(handle);
            if let Poll::Ready(output) = Pin::new(&mut handle).poll(&mut Context::from_waker(Waker::noop())) {
                self.state = State::Done(output);
            }
        }
    }

    fn poll_output(&mut self, cx: &mut Context<'_>) -> Poll<Result<T, JoinError>> {
        if let State::Running(handle) = &mut self.state {
            let output = ready!(Pin::new(handle).poll(cx));
            self.state = State::Done(output);
        }
        match std::mem::replace(&mut self.state, State::Taken) {
            State::Done(output) => Poll::Ready(output),
            _ => panic!("task {:?} was awaited after it had given its output", self.card.name),
        }
    }
}

impl<T> IntoFuture for Task<T> {
    type Output = Result<T, JoinError>;
    type IntoFuture = Join<Self, T>;

    fn into_future(self) -> Join<Self, T> {
        Join { task: self, output: PhantomData }
    }
}

impl<'a, T> IntoFuture for &'a mut Task<T> {
    type Output = Result<T, JoinError>;
    type IntoFuture = Join<&'a mut Task<T>, T>;

    fn into_future(self) -> Self::IntoFuture {
        Join { task: self, output: PhantomData }
    }
}

/// Waits for a [`Task`]'s output.
#[derive(Debug)]
#[must_use = "futures do nothing unless awaited"]
pub struct Join<H, T> {
    task: H,
    output: PhantomData<fn() -> T>,
}

impl<H: BorrowMut<Task<T>> + Unpin, T> Future for Join<H, T> {
    type Output = Result<T, JoinError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.task.borrow_mut().poll_output(cx)
    }
}

/// A task only holds what it moves out whole.
impl<T> Unpin for Task<T> {}

impl<T> fmt::Debug for Task<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Task")
            .field("name", &self.card.name)
            .field("is_finished", &self.is_finished())
            .finish_non_exhaustive()
    }
}
