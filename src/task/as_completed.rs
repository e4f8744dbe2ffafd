use std::future::poll_fn;
use std::panic::Location;
use std::task::ready;

use super::children::{Ends, tasks};
use super::{IntoTask, Task};

/// Runs children at the same time and gives them one by one as they end, as `asyncio.as_completed` does.
///
/// Children start at the call; those that are left when this is dropped run on.
///
/// # Panics
///
/// Panics where [`spawn`](super::spawn) does.
///
/// # Examples
///
/// ```
/// use standstill::{clock, prelude::*, task::as_completed};
/// use tokio::time::sleep;
///
/// standstill::run(async || {
///     let mut tasks = as_completed([3, 1, 2].map(async |seconds| {
///         sleep(seconds.secs()).await;
///         seconds
///     }));
///
///     let mut order = Vec::new();
///     while let Some(task) = tasks.next().await {
///         order.push((task.into_output().unwrap(), clock::elapsed()));
///     }
///
///     assert_eq!(order, [(1, 1.secs()), (2, 2.secs()), (3, 3.secs())]);
/// });
/// ```
#[track_caller]
pub fn as_completed<I>(children: I) -> AsCompleted<<I::Item as IntoTask>::Output>
where
    I: IntoIterator,
    I::Item: IntoTask,
{
    let tasks = tasks(children, "as_completed", Location::caller());
    let ends = Ends::of(tasks.iter().map(|task| &task.card));
    AsCompleted { left: tasks.len(), tasks: tasks.into_iter().map(Some).collect(), ends }
}

/// Gives tasks as they end. See [`as_completed`](as_completed()).
pub struct AsCompleted<T> {
    tasks: Vec<Option<Task<T>>>,
    ends: Ends,
    left: usize,
}

impl<T> AsCompleted<T> {
    /// Waits for the next task to end; `None` when all were given.
    ///
    /// Cancel safe: if this is dropped, no task is lost.
    pub async fn next(&mut self) -> Option<Task<T>> {
        poll_fn(|cx| {
            if self.left == 0 {
                return std::task::Poll::Ready(None);
            }
            let number = ready!(self.ends.poll_next(cx));
            self.left -= 1;
            let mut task = self.tasks[number].take();
            if let Some(task) = &mut task {
                task.finish();
            }
            std::task::Poll::Ready(task)
        })
        .await
    }
}

impl<T> std::fmt::Debug for AsCompleted<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AsCompleted").field("left", &self.left).finish_non_exhaustive()
    }
}
