use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::task::Id;

use super::detector;
use super::scope::scope;
use crate::bubble::{self, Blocked, Bubble};
use crate::os::Scope;

/// Whose polls they are.
pub(crate) enum Owner {
    Bubble(Arc<Bubble>),
    Detector(Arc<Blocked>),
}

impl Owner {
    /// Who has the calls noted of the code that runs now.
    pub(super) fn find() -> Option<Self> {
        match bubble::current() {
            Some(bubble) => (bubble.notes_blocking || scope() == Scope::Deny).then(|| Self::Bubble(bubble)),
            None => detector::current().map(Self::Detector),
        }
    }

    pub(super) fn blocked(&self) -> &Blocked {
        match self {
            Self::Bubble(bubble) => &bubble.blocked,
            Self::Detector(blocked) => blocked,
        }
    }

    fn bubble(&self) -> Option<&Bubble> {
        match self {
            Self::Bubble(bubble) => Some(bubble),
            Self::Detector(_) => None,
        }
    }

    /// The instant; a detector knows none.
    pub(super) fn now(&self) -> Option<Duration> {
        self.bubble().map(|bubble| bubble.clock.last_known())
    }

    /// Who is polled, in words: a task, the body, or what a thread's `block_on` polls.
    pub(super) fn who(&self, task: Option<Id>, is_root: bool, thread: impl FnOnce() -> Option<String>) -> String {
        match task {
            Some(id) => match self.bubble().and_then(|bubble| bubble.tasks.find(id)) {
                Some(card) => card.in_words(),
                None => "a task".to_owned(),
            },
            None if is_root => "the body".to_owned(),
            None => thread().map_or_else(
                || "a block_on of a thread without a name".to_owned(),
                |name| format!("a block_on of thread {name:?}"),
            ),
        }
    }

    /// How often the body or a named task has been polled; nobody counts that of others.
    pub(super) fn polls(&self, task: Option<Id>, is_root: bool) -> Option<u64> {
        let bubble = self.bubble()?;
        match task {
            Some(id) => bubble.tasks.find(id).map(|card| card.polls.load(Ordering::Relaxed)),
            None => is_root.then(|| bubble.root.polls()),
        }
    }
}
