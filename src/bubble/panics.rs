use std::backtrace::Backtrace;
use std::panic::{Location, PanicHookInfo};
use std::sync::{Mutex, Once};
use std::time::Duration;

use tokio::task::{self, Id};

use super::{Bubble, Cut, Event, current, lock};

/// The panics of a bubble's tasks.
#[derive(Default)]
pub(crate) struct Panics {
    seen: Mutex<Vec<TaskPanic>>,
    expected: Mutex<Vec<Expected>>,
}

/// A panic inside a task.
pub(crate) struct TaskPanic {
    pub(crate) id: Id,
    /// The name, if `task::spawn` gave one.
    pub(crate) name: Option<String>,
    pub(crate) message: String,
    pub(crate) place: String,
    pub(crate) at: Duration,
    /// Whether the body was over, and what it held dropped.
    pub(crate) is_after_body: bool,
    stack: Backtrace,
}

/// What a test said of the panics that it provokes.
#[derive(Clone)]
pub(crate) struct Expected {
    pub(crate) count: usize,
    pub(crate) text: String,
    pub(crate) place: &'static Location<'static>,
}

impl Panics {
    pub(crate) fn expect(&self, expected: Expected) {
        lock(&self.expected).push(expected);
    }

    pub(crate) fn expected(&self) -> Vec<Expected> {
        lock(&self.expected).clone()
    }

    /// Takes the panics that no one inside their task caught.
    pub(crate) fn take_uncaught(&self) -> Vec<TaskPanic> {
        let mut seen = std::mem::take(&mut *lock(&self.seen));
        seen.retain(|panic| !caught_inside(&panic.stack.to_string()));
        seen
    }

    /// Forgets a task's panic: it was handed to the test as a value.
    pub(crate) fn delivered(&self, id: Id) {
        lock(&self.seen).retain(|panic| panic.id != id);
    }
}

impl Bubble {
    fn note_panic(&self, id: Id, info: &PanicHookInfo<'_>) {
        let name = self.tasks.find(id).map(|card| card.name.clone());
        let panic = TaskPanic {
            id,
            name,
            message: info.payload_as_str().unwrap_or("a payload that is not text").trim_end().to_owned(),
            place: info.location().map_or_else(|| "an unknown place".to_owned(), ToString::to_string),
            at: self.now(),
            is_after_body: self.root.is_body_over(),
            stack: Backtrace::force_capture(),
        };
        self.note(Event::Panicked {
            task: panic.name.as_ref().map_or_else(|| "a task".to_owned(), |name| format!("task {name:?}")),
            message: panic.message.clone(),
            place: panic.place.clone(),
        });
        if self.ends_at_panic && !caught_inside(&panic.stack.to_string()) {
            self.root.cut(Cut::TaskPanic);
        }
        lock(&self.panics.seen).push(panic);
    }
}

/// Has every panic inside a bubble's task noted, after whatever hook was there before has printed it.
pub(crate) fn watch() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let previous = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            previous(info);
            if let (Some(id), Some(bubble)) = (task::try_id(), current()) {
                bubble.note_panic(id, info);
            }
        }));
    });
}

/// Whether, going outward from the panic, somebody catches it before tokio's own harness does.
fn caught_inside(stack: &str) -> bool {
    for line in stack.lines() {
        if line.contains("tokio::runtime::task::") || line.contains("tokio::runtime::blocking::") {
            return false;
        }
        if line.contains("catch_unwind") || line.contains("__rust_try") {
            return true;
        }
    }
    false
}
