use std::fmt;
use std::future::Future;
use std::panic::{Location, resume_unwind};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::task::JoinError;

use super::children::{Ends, tasks};
use super::{IntoTask, Outcome, Task};

/// Runs children at the same time and gives their results in argument order, as `asyncio.gather` does.
///
/// Children start at the call, not at the first poll. The first error *by time of completion* is returned at once, and
/// the siblings run on. A child that is cancelled counts as an error for the gather; the caller is not cancelled. If the gather
/// is dropped before its end, the children are cancelled. With [`settled`](Gather::settled), every child is waited for and errors,
/// panics and cancellations are values. No children give an empty list.
///
/// # Panics
///
/// Panics where [`spawn`](super::spawn) does. When awaited, a child's panic goes on in the caller.
///
/// # Examples
///
/// ```
/// use standstill::{assert_elapsed, prelude::*, task::gather};
/// use tokio::time::sleep;
///
/// standstill::run(async || {
///     let letters = [(3, "a"), (1, "b"), (2, "c")].map(async |(seconds, letter)| {
///         sleep(seconds.secs()).await;
///         letter
///     });
///
///     assert_eq!(gather(letters).await.unwrap(), ["a", "b", "c"]);
///     assert_elapsed!(3.secs());
/// });
/// ```
#[track_caller]
pub fn gather<I>(children: I) -> Gather<<I::Item as IntoTask>::Output>
where
    I: IntoIterator,
    I::Item: IntoTask,
{
    let tasks = tasks(children, "gather", Location::caller());
    let ends = Ends::of(tasks.iter().map(|task| &task.card));
    Gather { waiting: tasks.len(), tasks: Some(tasks), ends }
}

/// Waits for the children of [`gather`](gather()).
#[must_use = "the children are cancelled when this is dropped"]
pub struct Gather<T> {
    /// Taken at the end, and when an error lets the others run on.
    tasks: Option<Vec<Task<T>>>,
    ends: Ends,
    /// How many have not ended.
    waiting: usize,
}

/// Why a gather ended early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GatherError<E> {
    /// A child gave an error.
    Failed(E),
    /// A child was cancelled.
    Cancelled,
}

impl<T> Gather<T> {
    /// Has every child waited for, and its error, panic or cancellation given as a value.
    ///
    /// A panic that is given so is no finding of the test.
    ///
    /// # Examples
    ///
    /// ```
    /// use standstill::{prelude::*, task::gather};
    ///
    /// standstill::run(async || {
    ///     let results = gather([1, 2].map(async |number| {
    ///         assert!(number != 2, "two");
    ///         number
    ///     }))
    ///     .settled()
    ///     .await;
    ///
    ///     assert_eq!(*results[0].as_ref().unwrap(), 1);
    ///     assert!(results[1].as_ref().unwrap_err().is_panic());
    /// });
    /// ```
    pub fn settled(self) -> Settled<T> {
        Settled { gather: self }
    }

    /// Takes the children, which run on when this is dropped.
    fn take(&mut self) -> Vec<Task<T>> {
        self.tasks.take().expect(AFTER_ITS_END)
    }
}

pub(super) const AFTER_ITS_END: &str = "a gather is not polled after its end";

impl<T: Outcome> Future for Gather<T> {
    type Output = Result<Vec<T::Value>, GatherError<T::Error>>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        while self.waiting > 0 {
            let number = ready!(self.ends.poll_next(cx));
            self.waiting -= 1;
            if is_failure(self.tasks.as_mut().expect(AFTER_ITS_END)[number].output()) {
                let task = self.take().swap_remove(number);
                return Poll::Ready(Err(failure(task)));
            }
        }
        Poll::Ready(Ok(self.take().into_iter().map(value).collect()))
    }
}

pub(super) fn is_failure<T: Outcome>(output: Option<&Result<T, JoinError>>) -> bool {
    !matches!(output, Some(Ok(output)) if !output.is_error())
}

/// What a failed child does to its gather.
pub(super) fn failure<T: Outcome>(task: Task<T>) -> GatherError<T::Error> {
    match task.into_output().map(T::into_result) {
        Ok(Err(error)) => GatherError::Failed(error),
        Err(error) if error.is_panic() => resume_unwind(error.into_panic()),
        Err(_) => GatherError::Cancelled,
        Ok(Ok(_)) => unreachable!("Outcome::is_error and Outcome::into_result contradict each other"),
    }
}

/// The value of a child that did well.
pub(super) fn value<T: Outcome>(task: Task<T>) -> T::Value {
    match task.into_output().map(T::into_result) {
        Ok(Ok(value)) => value,
        _ => unreachable!("Outcome::is_error and Outcome::into_result contradict each other"),
    }
}

/// Waits for all children of a gather, whatever becomes of them. See [`Gather::settled`].
#[must_use = "the children are cancelled when this is dropped"]
pub struct Settled<T> {
    gather: Gather<T>,
}

impl<T> Future for Settled<T> {
    type Output = Vec<Result<T, JoinError>>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        while self.gather.waiting > 0 {
            ready!(self.gather.ends.poll_next(cx));
            self.gather.waiting -= 1;
        }
        Poll::Ready(self.gather.take().into_iter().map(settled_output).collect())
    }
}

/// The output of a child as a value; its panic is then no finding, unless it has ended the test.
pub(super) fn settled_output<T>(task: Task<T>) -> Result<T, JoinError> {
    let bubble = std::sync::Arc::clone(&task.bubble);
    task.into_output().inspect_err(|error| {
        if !bubble.ends_at_panic {
            bubble.panics.delivered(error.id());
        }
    })
}

impl<T> Drop for Gather<T> {
    fn drop(&mut self) {
        for task in self.tasks.iter().flatten() {
            task.abort();
        }
    }
}

impl<E> fmt::Display for GatherError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(_) => f.write_str("a gathered task failed"),
            Self::Cancelled => f.write_str("a gathered task was cancelled"),
        }
    }
}

impl<E: std::error::Error + 'static> std::error::Error for GatherError<E> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Failed(error) => Some(error),
            Self::Cancelled => None,
        }
    }
}

impl<T> fmt::Debug for Gather<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gather").field("tasks", &self.tasks.as_deref().unwrap_or_default()).finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for Settled<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settled")
            .field("tasks", &self.gather.tasks.as_deref().unwrap_or_default())
            .finish_non_exhaustive()
    }
}
