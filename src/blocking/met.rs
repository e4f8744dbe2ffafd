//! Which threads run which runtime, as far as they have waited in it, read the clock or made a call that is judged.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use tokio::runtime::{self, Handle};

use crate::bubble::lock;
use crate::os;

/// How many want to know.
static WANTED: AtomicUsize = AtomicUsize::new(0);

/// Each thread, by its number in the kernel.
static MET: Mutex<BTreeMap<i32, Met>> = Mutex::new(BTreeMap::new());

struct Met {
    /// In which it was last met.
    runtime: runtime::Id,
    /// The kernel keeps the beginning of it only.
    name: Option<String>,
}

thread_local! {
    /// Without a destructor, so that it can be read at any time in a thread's life.
    static LAST: Cell<Option<runtime::Id>> = const { Cell::new(None) };
}

/// Has threads noted with their runtimes, until dropped.
pub(super) struct Meeting(());

impl Meeting {
    pub(super) fn begin() -> Self {
        WANTED.fetch_add(1, Ordering::Relaxed);
        let meeting = Self(());
        meet();
        meeting
    }
}

impl Drop for Meeting {
    fn drop(&mut self) {
        WANTED.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Notes the calling thread, if somebody wants to know.
pub(super) fn meet() {
    if WANTED.load(Ordering::Relaxed) == 0 {
        return;
    }
    let Ok(runtime) = Handle::try_current().map(|handle| handle.id()) else { return };
    if LAST.replace(Some(runtime)) != Some(runtime) {
        os::prime();
        let met = Met { runtime, name: thread::current().name().map(str::to_owned) };
        os::inside(|| lock(&MET).insert(os::thread_id(), met));
    }
}

/// The threads that run a runtime.
pub(super) fn threads(runtime: runtime::Id) -> Vec<i32> {
    let mut met = lock(&MET);
    // One that is gone has no CPU time.
    met.retain(|thread, _| os::cpu_time(*thread).is_some());
    met.iter().filter(|(_, met)| met.runtime == runtime).map(|(thread, _)| *thread).collect()
}

/// A thread's name, if it was met.
pub(super) fn name(thread: i32) -> Option<String> {
    lock(&MET).get(&thread)?.name.clone()
}
