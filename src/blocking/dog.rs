use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tokio::runtime;

use super::met::{self, Meeting};
use super::owner::Owner;
use super::stall::Stalls;
use crate::bubble::{Blocked, Running};
use crate::os;

/// Looks at the threads of a runtime of no bubble now and then, on a thread of its own, until dropped.
pub(super) struct Dog {
    thread: Option<JoinHandle<()>>,
    /// Dropped, it calls the thread back.
    leash: Option<Sender<()>>,
    _meeting: Meeting,
}

impl Dog {
    /// `budget` is in CPU time.
    pub(super) fn new(runtime: runtime::Id, blocked: Arc<Blocked>, budget: Duration) -> Self {
        let (leash, call) = mpsc::channel();
        let watch = move || {
            let (owner, mut stalls, mut rests) = (Owner::Detector(blocked), Stalls::new(budget), BTreeMap::new());
            while call.recv_timeout(stalls.period()) == Err(RecvTimeoutError::Timeout) {
                os::inside(|| stalls.look(&owner, threads(runtime, &mut rests)));
            }
        };
        // A thread that is started inside the crate's own code is nobody's member.
        let thread = os::inside(|| thread::Builder::new().name("standstill detector".to_owned()).spawn(watch));
        let thread =
            thread.unwrap_or_else(|error| panic!("the thread that watches for long polls could not start: {error}"));
        Self { thread: Some(thread), leash: Some(leash), _meeting: Meeting::begin() }
    }
}

impl Drop for Dog {
    fn drop(&mut self) {
        self.leash = None;
        if let Some(thread) = self.thread.take() {
            // It holds nothing, and so is nobody's loss if it panicked.
            let _ = os::inside(|| thread.join());
        }
    }
}

/// The runtime's threads, those at rest too: they do not burn. `rests` keeps how often each has waited.
fn threads(runtime: runtime::Id, rests: &mut BTreeMap<i32, Arc<AtomicU64>>) -> Vec<Running> {
    let threads = met::threads(runtime);
    rests.retain(|thread, _| threads.contains(thread));
    let running = |thread| {
        let count = os::waits(thread)?;
        let stirs = rests.entry(thread).or_default();
        stirs.store(count, Ordering::Relaxed);
        Some(Running { thread, is_root: false, stirs: Arc::clone(stirs) })
    };
    threads.into_iter().filter_map(running).collect()
}
