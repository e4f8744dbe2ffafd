use std::fmt;
use std::future::{Future, IntoFuture, poll_fn};
use std::panic::Location;
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::children::{Ends, tasks};
use super::{IntoTask, Outcome, Task};

/// Waits for tasks until some, or all, are done, and gives them as `(done, pending)`, as `asyncio.wait` does.
///
/// Both lists keep the argument order. Nothing is cancelled, neither at the timeout nor when this is dropped: pending
/// tasks can be awaited, aborted, or waited for again. Tasks start at the call. What ends at the very instant at which the
/// wait does is done, whichever was first.
///
/// # Errors
///
/// When awaited, gives [`NothingToWaitFor`] if there are no tasks.
///
/// # Panics
///
/// Panics where [`spawn`](super::spawn) does.
///
/// # Examples
///
/// ```
/// use standstill::{assert_elapsed, prelude::*, task::{self, ReturnWhen, wait}};
/// use tokio::time::sleep;
///
/// standstill::run(async || {
///     let slow = task::spawn("slow", sleep(3.secs()));
///     let fast = task::spawn("fast", sleep(1.secs()));
///
///     let (done, pending) = wait([slow, fast], ReturnWhen::FirstCompleted).await.unwrap();
///
///     assert_elapsed!(1.secs());
///     assert_eq!(done[0].name(), "fast");
///     assert_eq!(pending[0].name(), "slow");
/// });
/// ```
#[track_caller]
pub fn wait<I>(children: I, until: ReturnWhen) -> Wait<<I::Item as IntoTask>::Output>
where
    I: IntoIterator,
    I::Item: IntoTask,
{
    Wait { tasks: tasks(children, "wait", Location::caller()), until, timeout: None }
}

/// Says when [`wait`](wait()) returns, as asyncio's constants of that name do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReturnWhen {
    /// When the first task has ended, in whatever way.
    FirstCompleted,
    /// When the first task has given an error or panicked (a cancelled one does not count), or all have ended.
    /// asyncio's `FIRST_EXCEPTION`.
    FirstError,
    /// When all tasks have ended.
    AllCompleted,
}

/// Awaited, waits for tasks. See [`wait`](wait()).
#[must_use = "it waits only when awaited"]
#[derive(Debug)]
pub struct Wait<T> {
    tasks: Vec<Task<T>>,
    until: ReturnWhen,
    timeout: Option<Duration>,
}

/// The error of a [`wait`](wait()) for no tasks at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NothingToWaitFor;

impl<T> Wait<T> {
    /// Returns after `limit` at the latest, in virtual time, whatever is done by then.
    ///
    /// Nothing is cancelled. A task that is due at that very instant is done.
    ///
    /// # Examples
    ///
    /// ```
    /// use standstill::{prelude::*, task::{ReturnWhen, wait}};
    /// use tokio::time::sleep;
    ///
    /// standstill::run(async || {
    ///     let (done, pending) = wait([1, 2, 3].map(|n| sleep(n.secs())), ReturnWhen::AllCompleted)
    ///         .timeout(2.secs())
    ///         .await
    ///         .unwrap();
    ///
    ///     assert_eq!((done.len(), pending.len()), (2, 1));
    /// });
    /// ```
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = Some(limit);
        self
    }
}

impl<T: Outcome + 'static> IntoFuture for Wait<T> {
    type Output = Result<(Vec<Task<T>>, Vec<Task<T>>), NothingToWaitFor>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output>>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl<T: Outcome> Wait<T> {
    async fn run(mut self) -> Result<(Vec<Task<T>>, Vec<Task<T>>), NothingToWaitFor> {
        let Some(first) = self.tasks.first() else { return Err(NothingToWaitFor) };
        let bubble = std::sync::Arc::clone(&first.bubble);

        // A limit too far away to be an instant is none.
        let limit = self.timeout.and_then(|limit| Instant::now().checked_add(limit));
        {
            let mut limit = limit.map(|limit| Box::pin(sleep_until(limit)));
            let mut enough = pin!(self.enough());
            poll_fn(|cx| match (enough.as_mut().poll(cx), &mut limit) {
                (Poll::Pending, Some(limit)) => limit.as_mut().poll(cx),
                (enough, _) => enough,
            })
            .await;
        }
        if !self.tasks.iter().all(Task::is_finished) {
            // What is due at this very instant still gets done.
            bubble.clock.settle().await;
        }
        for task in &mut self.tasks {
            task.finish();
        }
        Ok(self.tasks.into_iter().partition(Task::is_finished))
    }

    /// Resolves when as many tasks have ended as `until` asks for.
    fn enough(&mut self) -> impl Future<Output = ()> {
        let ends = Ends::of(self.tasks.iter().map(|task| &task.card));
        let mut left = self.tasks.len();
        poll_fn(move |cx| {
            while left > 0 {
                let Poll::Ready(number) = ends.poll_next(cx) else { return Poll::Pending };
                left -= 1;
                let is_enough = match self.until {
                    ReturnWhen::FirstCompleted => true,
                    ReturnWhen::FirstError => match self.tasks[number].output() {
                        Some(Ok(output)) => output.is_error(),
                        Some(Err(error)) => error.is_panic(),
                        None => false,
                    },
                    ReturnWhen::AllCompleted => false,
                };
                if is_enough {
                    break;
                }
            }
            Poll::Ready(())
        })
    }
}

impl fmt::Display for NothingToWaitFor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("wait was given no tasks, so there is nothing that could complete: check for that first")
    }
}

impl std::error::Error for NothingToWaitFor {}
