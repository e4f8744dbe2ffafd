use std::cell::RefCell;
#[cfg(seam)]
use std::collections::BTreeMap;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, DefaultHasher};
#[cfg(seam)]
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, Weak};

use tokio::runtime::{self, Handle};

use super::{Bubble, lock};
use crate::os;

thread_local! {
    static HERE: RefCell<Option<Arc<Bubble>>> = const { RefCell::new(None) };
}

/// For the other threads of a bubble, by its number.
#[cfg(seam)]
static BY_NUMBER: Mutex<BTreeMap<u32, Weak<Bubble>>> = Mutex::new(BTreeMap::new());

/// How many bubbles there are of whose threads the world knows nothing, since their clock is tokio's or the machine's.
#[cfg(seam)]
static APART: AtomicUsize = AtomicUsize::new(0);

/// For workers and blocking threads, which know only their runtime. Its order says nothing. Its hasher takes nothing of the
/// randomness that a test's seed gives.
static BY_RUNTIME: Mutex<HashMap<runtime::Id, Weak<Bubble>, BuildHasherDefault<DefaultHasher>>> =
    Mutex::new(HashMap::with_hasher(BuildHasherDefault::new()));

/// Gives the bubble that the calling code runs in.
pub(crate) fn current() -> Option<Arc<Bubble>> {
    if let Some(bubble) = HERE.try_with(|here| here.try_borrow().ok()?.clone()).ok().flatten() {
        return Some(bubble);
    }
    #[cfg(seam)]
    if let Some(number) = os::bubble() {
        return lock(&BY_NUMBER).get(&number)?.upgrade();
    }
    let runtime = Handle::try_current().ok()?.id();
    lock(&BY_RUNTIME).get(&runtime)?.upgrade()
}

/// Whether another bubble of this process may yet do something by itself: it may have what this one waits for, such as a lock in a `static`.
pub(crate) fn does_another_go_on(bubble: &Bubble) -> bool {
    let others: Vec<_> = lock(&BY_RUNTIME).values().filter_map(Weak::upgrade).collect();
    // Who has starved is told so before those that only wait for it.
    let waits_for_starving = !bubble.clock.is_starving();
    let goes_on = |other: &Bubble| other.clock.may_go_on() || (waits_for_starving && other.clock.is_starving());
    let is_another = |other: &Bubble| !std::ptr::eq(&raw const *other, bubble) && !other.root.is_left();
    others.iter().any(|other| is_another(other) && goes_on(other))
}

/// As [`does_another_go_on`]; or whether a thread of no bubble runs, or soon will.
pub(crate) fn may_be_woken(bubble: &Bubble) -> bool {
    #[cfg(seam)]
    if bubble.clock.is_whole() && (os::strangers_await() == Some(os::Awaited::Timer) || super::does_a_stranger_run()) {
        return true;
    }
    does_another_go_on(bubble)
}

/// Whether there is a bubble of whose threads the world knows nothing.
#[cfg(seam)]
pub(super) fn is_any_apart() -> bool {
    APART.load(Ordering::SeqCst) > 0
}

/// Whether the calling thread runs a bubble's body.
pub(crate) fn is_root() -> bool {
    HERE.try_with(|here| here.try_borrow().is_ok_and(|here| here.is_some())).unwrap_or(false)
}

/// Asks a bubble, if it is that of this thread: which is quicker than by a reference of one's own.
pub(crate) fn ask_here<T>(bubble: &Weak<Bubble>, ask: impl FnOnce(&Bubble) -> T) -> Option<T> {
    let ask = |here: &RefCell<Option<Arc<Bubble>>>| {
        let here = here.try_borrow().ok()?;
        let here = here.as_ref().filter(|here| std::ptr::eq(Arc::as_ptr(here), bubble.as_ptr()))?;
        Some(ask(here))
    };
    HERE.try_with(ask).ok().flatten()
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

/// As [`expect_current`], for what needs more than `tokio::time` to be virtual.
#[track_caller]
pub(crate) fn expect_whole(what: &str) -> Arc<Bubble> {
    let bubble = expect_current(what);
    let support = os::support();
    assert!(support.is_active(), "{what} needs all of a test in virtual time, but {support}");
    assert!(
        bubble.clock.is_whole(),
        "{what} needs all of a test in virtual time: leave out time = \"real\", start_paused = true and STANDSTILL_ENGINE=portable"
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
        #[cfg(seam)]
        match &bubble.clock {
            super::Clock::Virtual(clock) => _ = lock(&BY_NUMBER).insert(clock.bubble(), Arc::downgrade(bubble)),
            _ => _ = APART.fetch_add(1, Ordering::SeqCst),
        }
        lock(&BY_RUNTIME).insert(runtime, Arc::downgrade(bubble));
        Self { runtime }
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        let bubble = HERE.take();
        #[cfg(seam)]
        match bubble.as_deref().map(|bubble| &bubble.clock) {
            Some(super::Clock::Virtual(clock)) => _ = lock(&BY_NUMBER).remove(&clock.bubble()),
            Some(_) => _ = APART.fetch_sub(1, Ordering::SeqCst),
            None => {}
        }
        lock(&BY_RUNTIME).remove(&self.runtime);
        drop(bubble);
    }
}
