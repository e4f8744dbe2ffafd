use std::panic::Location;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::settings::Settings;
use crate::bubble::{Bubble, Card, Chain, Holder, ThreadWait, lock};

/// What is known of a test that was cut short, at the instant of its last progress.
pub(super) struct Evidence {
    pub(super) at: Duration,
    /// `None` if the thread did not answer, so that nobody could look.
    pub(super) body: Option<Vec<Chain>>,
    pub(super) body_polls: u64,
    pub(super) is_polling: bool,
    /// Whether the body had ended.
    pub(super) is_over: bool,
    pub(super) tasks: Vec<TaskEvidence>,
    /// The test's other threads.
    pub(super) threads: Vec<ThreadWait>,
    /// The calls of mocks that wait for an answer which only the test can give, in words.
    pub(super) owed: Vec<String>,
    /// The calls of mocks that the test waits for, in words.
    pub(super) awaited: Vec<String>,
    /// The copies of arguments, which mocks keep, that may keep a channel open, in words.
    pub(super) senders: Vec<String>,
    /// How many tasks only tokio knows, where that can be asked.
    pub(super) others: Option<usize>,
    pub(super) idle_jumps: u64,
    pub(super) held_by: Vec<Holder>,
    pub(super) is_virtual: bool,
    pub(super) events: Vec<String>,
    pub(super) timeout: Option<Duration>,
    pub(super) wall_timeout: Duration,
}

pub(super) struct TaskEvidence {
    pub(super) card: Arc<Card>,
    pub(super) polls: u64,
    /// Whether it ran in the later half of the time in which the body did not.
    pub(super) is_ticking: bool,
    /// `None` if nobody could look.
    pub(super) waits: Option<Vec<Chain>>,
    pub(super) is_polling: bool,
}

impl Evidence {
    /// Gathers what can be known without running anything.
    pub(super) fn of(bubble: &Bubble, settings: &Settings) -> Self {
        let idle_jumps = bubble.root.idle_jumps();
        let tasks: Vec<_> = bubble.tasks.alive().into_iter().map(|card| TaskEvidence::of(card, idle_jumps)).collect();
        Self {
            at: if bubble.clock.is_virtual() { bubble.log(|log| log.last_progress()) } else { bubble.now() },
            body: None,
            body_polls: bubble.root.polls(),
            is_polling: bubble.root.is_polling(),
            is_over: false,
            owed: Vec::new(),
            awaited: Vec::new(),
            senders: Vec::new(),
            others: None,
            tasks,
            threads: bubble.clock.threads(),
            idle_jumps,
            held_by: bubble.held_by(),
            is_virtual: bubble.clock.is_virtual(),
            events: bubble.log(|log| log.last(10)).iter().map(ToString::to_string).collect(),
            timeout: settings.timeout,
            wall_timeout: settings.wall_timeout,
        }
    }

    /// Where the clock was frozen last, if it is.
    pub(super) fn frozen_at(&self) -> Option<&'static Location<'static>> {
        let freeze = |holder: &Holder| match holder {
            Holder::Freeze { place } => Some(*place),
            _ => None,
        };
        self.held_by.iter().filter_map(freeze).next_back()
    }

    /// Whether the test's own thread is at rest, while another runs.
    pub(super) fn is_kept_waiting(&self) -> bool {
        let is_any = |is_root, is_at_rest| {
            self.threads.iter().any(|thread| thread.is_root == is_root && thread.since.is_some() == is_at_rest)
        };
        is_any(true, true) && is_any(false, false)
    }

    /// Takes what the tasks have noted, when asked, of where they wait; `alive` counts all tasks of the runtime.
    pub(super) fn look_at_tasks(&mut self, alive: usize) {
        self.others = Some(alive.saturating_sub(self.tasks.len()));
        for task in &mut self.tasks {
            task.waits = (!task.card.trace_asked.load(Ordering::Acquire)).then(|| lock(&task.card.trace).clone());
        }
    }

    /// Whether the body, or a task that has long been quiet as it has, waits for a timer: then it may yet go on.
    pub(super) fn is_waiting_for_time(&self) -> bool {
        let quiet = self.tasks.iter().filter(|task| !task.is_ticking && !task.card.is_background);
        self.body.iter().chain(quiet.flat_map(|task| &task.waits)).flatten().any(|chain| chain.is_timed)
    }

    /// Whether anything waits for a timer, as seen when it was polled once more.
    pub(super) fn has_timer(&self) -> bool {
        self.body.iter().chain(self.tasks.iter().flat_map(|task| &task.waits)).flatten().any(|chain| chain.is_timed)
    }
}

impl TaskEvidence {
    fn of(card: Arc<Card>, idle_jumps: u64) -> Self {
        Self {
            polls: card.polls.load(Ordering::Relaxed),
            is_ticking: card.polled_at_jump.load(Ordering::Relaxed) > idle_jumps / 2,
            waits: None,
            is_polling: card.is_polling.load(Ordering::Relaxed),
            card,
        }
    }
}
