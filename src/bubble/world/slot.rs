use std::backtrace::Backtrace;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64};

use super::contested::Contested;
use crate::os::{self, Fd, Poker, Woken};

/// What the world knows of one member.
pub(super) struct Slot {
    /// The bubble's number; 0 once it is gone.
    pub(super) bubble: u32,
    pub(super) state: State,
    /// The name of what it waits in.
    pub(super) call: &'static str,
    pub(super) fds: Vec<Fd>,
    /// The epoll in which it waits, or did so last.
    pub(super) epoll: Option<i32>,
    /// The address on which it waits, until it is up.
    pub(super) word: Option<usize>,
    /// Set while it waits for what a stranger may give it: a lock in a `static`.
    pub(super) contested: Option<Contested>,
    /// In nanoseconds since the bubble began.
    pub(super) deadline: Option<u64>,
    /// Since when it waits, on the same clock.
    pub(super) since: u64,
    /// What the kernel calls the thread; 0 until it has begun.
    pub(super) thread: i32,
    /// Set to have it note its own stack, once at rest.
    pub(super) is_asked: bool,
    pub(super) stack: Option<Backtrace>,
    /// The address on which those wait who join it.
    pub(super) end: usize,
    /// Its place in the order of all waits.
    pub(super) turn: u64,
    pub(super) poker: Arc<Poker>,
    /// Whether it was running when a bubble took it in, and has not followed yet.
    pub(super) is_called: Arc<AtomicBool>,
    /// How often the member has come to rest, or asked what is ready.
    pub(super) stirs: Arc<AtomicU64>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Running,
    /// At rest.
    Parked,
    /// Running again, though it may not know it yet.
    Rising(Woken),
}

impl Slot {
    pub(super) fn new(bubble: u32, poker: Arc<Poker>) -> Self {
        Self {
            bubble,
            state: State::Running,
            call: "",
            fds: Vec::new(),
            epoll: None,
            word: None,
            contested: None,
            deadline: None,
            since: 0,
            thread: 0,
            is_asked: false,
            stack: None,
            end: 0,
            turn: 0,
            poker,
            is_called: Arc::default(),
            stirs: Arc::default(),
        }
    }

    pub(super) fn is_parked(&self) -> bool {
        self.state == State::Parked
    }

    /// Ends a wait.
    pub(super) fn rise(&mut self, why: Woken) {
        self.state = State::Rising(why);
        self.deadline = None;
        self.is_asked = false;
        self.stack = None;
        self.contested = None;
        self.fds.clear();
    }

    /// Says why the wait is over, if it is, to the member that waited.
    pub(super) fn get_up(&mut self) -> Option<Woken> {
        let State::Rising(why) = self.state else { return None };
        self.state = State::Running;
        if self.word.take().is_some() {
            os::uncount_word();
        }
        Some(why)
    }

    /// Whether it outlived its bubble, and is about to see what there is at an address, roused by whatever it was.
    pub(super) fn is_left_and_rises_from(&self, address: usize) -> bool {
        self.bubble == 0 && self.word == Some(address) && matches!(self.state, State::Rising(_))
    }
}
