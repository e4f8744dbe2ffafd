use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Wake, Waker};

use super::lock;

/// Why the root ends before its body does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cut {
    Stuck,
    Starved,
    VirtualLimit,
    WallLimit,
    /// A task panicked, and the user asked to end at the first panic.
    TaskPanic,
}

/// How others reach the future at the root of the bubble's runtime.
#[derive(Default)]
pub(crate) struct Root {
    waker: Mutex<Option<Waker>>,
    cut: Mutex<Option<Cut>>,
    /// Whether a `cut` has been taken, so that the thread is not blocked.
    is_answering: AtomicBool,
    /// Whether its time is up, in real time.
    is_overdue: AtomicBool,
    /// Whether it is to wait no longer for the bubble to come to rest.
    is_hurried: AtomicBool,
    /// Whether its thread has been left where it is, for good.
    is_left: AtomicBool,
    /// Whether the root was woken for something else than its body.
    attention: AtomicBool,
    /// How often the body has been polled.
    polls: AtomicU64,
    /// How often the body or a task of `task::spawn` has been polled.
    runs: AtomicU64,
    /// Jumps of the clock since the body was last polled.
    idle_jumps: AtomicU64,
    most_idle_jumps: AtomicU64,
    /// Whether the body is inside a poll now.
    polling: AtomicBool,
    /// Whether the body is over, however it ended.
    is_body_over: AtomicBool,
    /// Who is told that the bubble is stuck, for the root's thread may be blocked and never hear of it.
    stuck: Mutex<Option<Box<dyn Fn() + Send>>>,
}

impl Root {
    /// Takes the waker of the root's first poll, at which everything wants to be looked at.
    pub(crate) fn start(&self, waker: &Waker) {
        *lock(&self.waker) = Some(waker.clone());
        self.attention.store(true, Ordering::Release);
    }

    /// Lets go of the runtime, which in turn holds on to this.
    pub(crate) fn end(&self) {
        *lock(&self.waker) = None;
    }

    /// Has the root polled, and everything looked at that it watches over.
    pub(crate) fn wake(&self) {
        self.attention.store(true, Ordering::Release);
        if let Some(waker) = &*lock(&self.waker) {
            waker.wake_by_ref();
        }
    }

    /// Asks the root to end; the first reason stands.
    pub(crate) fn cut(&self, why: Cut) {
        lock(&self.cut).get_or_insert(why);
        self.wake();
    }

    /// As [`cut`](Self::cut), at the real limit.
    pub(crate) fn cut_overdue(&self, why: Cut) {
        self.is_overdue.store(true, Ordering::Release);
        self.cut(why);
    }

    /// Has it end without waiting for rest: something runs that does not come to rest.
    pub(crate) fn hurry(&self) {
        self.is_hurried.store(true, Ordering::Release);
        self.wake();
    }

    pub(crate) fn is_hurried(&self) -> bool {
        self.is_hurried.load(Ordering::Acquire)
    }

    /// Notes that nobody waits any more for its thread, which does not come to an end.
    pub(crate) fn leave(&self) {
        self.is_left.store(true, Ordering::Release);
    }

    pub(crate) fn is_left(&self) -> bool {
        self.is_left.load(Ordering::Acquire)
    }

    pub(crate) fn is_overdue(&self) -> bool {
        self.is_overdue.load(Ordering::Acquire)
    }

    /// Says who is told, on whichever thread, that the bubble is stuck.
    pub(crate) fn on_stuck(&self, tell: impl Fn() + Send + 'static) {
        *lock(&self.stuck) = Some(Box::new(tell));
    }

    #[cfg(seam)]
    pub(crate) fn tell_stuck(&self) {
        if let Some(tell) = &*lock(&self.stuck) {
            tell();
        }
    }

    pub(crate) fn take_cut(&self) -> Option<Cut> {
        let cut = lock(&self.cut).take();
        if cut.is_some() {
            self.is_answering.store(true, Ordering::Release);
        }
        cut
    }

    /// Whether it is to end for the real limit.
    pub(crate) fn is_past_limit(&self) -> bool {
        *lock(&self.cut) == Some(Cut::WallLimit)
    }

    /// Whether there is more to look at than the body.
    pub(crate) fn takes_attention(&self) -> bool {
        self.attention.load(Ordering::Relaxed) && self.attention.swap(false, Ordering::Acquire)
    }

    pub(crate) fn is_answering(&self) -> bool {
        self.is_answering.load(Ordering::Acquire)
    }

    pub(crate) fn body_polled<T>(&self, poll: impl FnOnce() -> T) -> T {
        add(&self.polls);
        self.note_run();
        self.idle_jumps.store(0, Ordering::Relaxed);
        self.polling.store(true, Ordering::Relaxed);
        let polled = poll();
        self.polling.store(false, Ordering::Relaxed);
        polled
    }

    pub(crate) fn note_body_over(&self) {
        self.is_body_over.store(true, Ordering::Release);
    }

    pub(crate) fn is_body_over(&self) -> bool {
        self.is_body_over.load(Ordering::Acquire)
    }

    pub(crate) fn note_run(&self) {
        add(&self.runs);
    }

    pub(crate) fn runs(&self) -> u64 {
        self.runs.load(Ordering::Relaxed)
    }

    pub(crate) fn polls(&self) -> u64 {
        self.polls.load(Ordering::Relaxed)
    }

    pub(crate) fn is_polling(&self) -> bool {
        self.polling.load(Ordering::Relaxed)
    }

    /// Counts jumps of the clock, and says whether the body has starved: whether it has not been polled for too many of them.
    pub(crate) fn clock_jumped(&self, jumps: u64) -> bool {
        let before = self.idle_jumps();
        let (now, most) = (before + jumps, self.most_idle_jumps.load(Ordering::Relaxed));
        self.idle_jumps.store(now, Ordering::Relaxed);
        before < most && now >= most
    }

    pub(crate) fn idle_jumps(&self) -> u64 {
        self.idle_jumps.load(Ordering::Relaxed)
    }

    pub(crate) fn allow_idle_jumps(&self, most: u64) {
        self.most_idle_jumps.store(most, Ordering::Relaxed);
    }
}

impl Wake for Root {
    fn wake(self: Arc<Self>) {
        Self::wake(&self);
    }

    fn wake_by_ref(self: &Arc<Self>) {
        Self::wake(self);
    }
}

/// Adds one, where only the bubble's own thread writes, to which tasks with names are confined as well: cheaper than an atomic addition.
fn add(count: &AtomicU64) {
    count.store(count.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
}
