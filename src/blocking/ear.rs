use std::backtrace::Backtrace;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::{self, Id};

use super::detector;
use super::polling::is_polling;
use super::scope::scope;
use crate::bubble::{self, Blocked, BlockedCall, Bubble, Stack};
use crate::os::{self, Judged, Scope};

/// Notes the blocking calls of bubbles and of watched runtimes.
struct Notes;

/// Has blocking calls noted, from now on.
pub(crate) fn open() {
    os::set_ear(&Notes);
}

/// Has threads heard that are no members, as those of a bubble are where only `tokio::time` is virtual; until dropped.
pub(crate) struct Overhearing(());

impl Overhearing {
    pub(crate) fn begin() -> Self {
        open();
        os::hear_strangers();
        Self(())
    }
}

impl Drop for Overhearing {
    fn drop(&mut self) {
        os::unhear_strangers();
    }
}

/// Whose call it is.
enum Owner {
    Bubble(Arc<Bubble>),
    Detector(Arc<Blocked>),
}

impl Owner {
    fn find() -> Option<Self> {
        match bubble::current() {
            Some(bubble) => (bubble.notes_blocking || scope() == Scope::Deny).then(|| Self::Bubble(bubble)),
            None => detector::current().map(Self::Detector),
        }
    }

    fn blocked(&self) -> &Blocked {
        match self {
            Self::Bubble(bubble) => &bubble.blocked,
            Self::Detector(blocked) => blocked,
        }
    }

    fn now(&self) -> Option<Duration> {
        match self {
            Self::Bubble(bubble) => Some(bubble.clock.last_known()),
            Self::Detector(_) => None,
        }
    }

    /// Who makes the call, in words.
    fn who(&self) -> String {
        let bubble = match self {
            Self::Bubble(bubble) => Some(&**bubble),
            Self::Detector(_) => None,
        };
        let thread = || std::thread::current().name().map(str::to_owned);
        in_words(bubble, task::try_id(), bubble.is_some() && bubble::is_root(), thread)
    }
}

/// Who is polled: a task, the body, or what a thread's `block_on` polls.
pub(super) fn in_words(
    bubble: Option<&Bubble>,
    task: Option<Id>,
    is_root: bool,
    thread: impl FnOnce() -> Option<String>,
) -> String {
    match task {
        Some(id) => match bubble.and_then(|bubble| bubble.tasks.find(id)) {
            Some(card) => card.in_words(),
            None => "a task".to_owned(),
        },
        None if is_root => "the body".to_owned(),
        None => format!("a block_on of thread {:?}", thread().as_deref().unwrap_or("without a name")),
    }
}

impl os::Ear for Notes {
    fn hear(&self, call: Judged) {
        let Some(owner) = Owner::find().filter(|_| is_polling()) else { return };
        let key = (os::addresses(), scope());
        if owner.blocked().count(&key) || os::puts_a_stack_into_words(&key.0) {
            return;
        }
        let seen = call();
        let call = BlockedCall {
            number: 0,
            what: seen.what,
            detail: seen.detail,
            scope: key.1,
            who: owner.who(),
            at: owner.now(),
            count: 1,
            stack: Stack::Here(Backtrace::force_capture()),
        };
        owner.blocked().add(key, call);
    }
}
