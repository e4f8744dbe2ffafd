use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, Weak};

use tokio::runtime::{self, Handle};

use super::{Bubble, lock};

thread_local! {
    static HERE: RefCell<Option<Arc<Bubble>>> = const { RefCell::new(None) };
}

/// For workers and blocking threads, which know only their runtime. Looked up, never iterated.
static BY_RUNTIME: Mutex<Option<HashMap<runtime::Id, Weak<Bubble>>>> = Mutex::new(None);

/// Gives the bubble that the calling code runs in.
pub(crate) fn current() -> Option<Arc<Bubble>> {
    if let Some(bubble) = HERE.try_with(|here| here.try_borrow().ok()?.clone()).ok().flatten() {
        return Some(bubble);
    }
    let runtime = Handle::try_current().ok()?.id();
    lock(&BY_RUNTIME).as_ref()?.get(&runtime)?.upgrade()
}

/// As [`current`], for what has no meaning elsewhere.
#[track_caller]
pub(crate) fn expect_current(what: &str) -> Arc<Bubble> {
    match current() {
        Some(bubble) => bubble,
        // Not in a closure, which would panic at this line rather than at the caller's.
        None => panic!("{what} needs a bubble: run this under #[async_test] or standstill::run, on one of its threads"),
    }
}

/// As [`expect_current`], for what moves or stops the clock.
#[track_caller]
pub(crate) fn expect_virtual(what: &str) -> Arc<Bubble> {
    let bubble = expect_current(what);
    assert!(
        bubble.clock.is_virtual(),
        "{what} needs virtual time, but this test runs on the real clock: leave out time = \"real\" and flavor = \"multi_thread\""
    );
    bubble
}

/// Makes a bubble the current one of this thread and of a runtime, until dropped.
pub(crate) struct Entered {
    runtime: runtime::Id,
}

impl Entered {
    pub(crate) fn new(bubble: &Arc<Bubble>, runtime: runtime::Id) -> Self {
        HERE.set(Some(Arc::clone(bubble)));
        lock(&BY_RUNTIME).get_or_insert_default().insert(runtime, Arc::downgrade(bubble));
        Self { runtime }
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        let bubble = HERE.take();
        if let Some(bubbles) = lock(&BY_RUNTIME).as_mut() {
            bubbles.remove(&self.runtime);
        }
        drop(bubble);
    }
}
