use std::collections::VecDeque;
use std::panic::Location;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use super::{IntoTask, Task};
use crate::bubble::{Card, lock};

/// The ends of some tasks, by their numbers, in the order in which they came.
#[derive(Default)]
pub(super) struct Ends {
    inbox: Arc<Mutex<Inbox>>,
}

#[derive(Default)]
struct Inbox {
    ended: VecDeque<usize>,
    waker: Option<Waker>,
}

impl Ends {
    /// Listens to tasks, each by the number that it has among them; those that have ended come first.
    pub(super) fn of<'a>(cards: impl Iterator<Item = &'a Arc<Card>>) -> Self {
        let ends = Self::default();
        let mut ended = Vec::new();
        for (number, card) in cards.enumerate() {
            let inbox = Arc::clone(&ends.inbox);
            let is_ended = card.at_end(move || {
                let waker = {
                    let mut inbox = lock(&inbox);
                    inbox.ended.push_back(number);
                    inbox.waker.take()
                };
                if let Some(waker) = waker {
                    waker.wake();
                }
            });
            if let Some(order) = is_ended {
                ended.push((order, number));
            }
        }
        ended.sort_unstable();
        lock(&ends.inbox).ended.extend(ended.into_iter().map(|(_, number)| number));
        ends
    }

    /// Gives the number of the next task to have ended.
    pub(super) fn poll_next(&self, cx: &Context<'_>) -> Poll<usize> {
        let mut inbox = lock(&self.inbox);
        if let Some(number) = inbox.ended.pop_front() {
            return Poll::Ready(number);
        }
        inbox.waker = Some(cx.waker().clone());
        Poll::Pending
    }
}

/// Makes every child a task, named for whom it is a child of and which.
#[track_caller]
pub(super) fn tasks<I>(
    children: I,
    of: &str,
    place: &'static Location<'static>,
) -> Vec<Task<<I::Item as IntoTask>::Output>>
where
    I: IntoIterator,
    I::Item: IntoTask,
{
    children.into_iter().enumerate().map(|(number, child)| child.into_task(format!("{of}[{number}]"), place)).collect()
}
