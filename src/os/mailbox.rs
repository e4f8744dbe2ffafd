use std::cell::UnsafeCell;
use std::ffi::c_void;
use std::ptr;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::task::Id;

use super::Scope;

/// A place for one question to a thread, and for its answer, which a signal handler writes.
pub(super) struct Mailbox {
    /// The question's ticket, and how far it has come.
    state: AtomicU64,
    letter: UnsafeCell<Letter>,
}

// SAFETY: Only who has brought the state to `WRITING` writes the letter; it is read only once the state is `ANSWERED`.
unsafe impl Sync for Mailbox {}

/// What a thread says of itself.
#[derive(Clone, Copy)]
pub(super) struct Letter {
    pub(super) probed: Option<Probed>,
    /// The CPU time that it has had.
    pub(super) cpu: u64,
    /// Whether its calls can be told where it was interrupted.
    pub(super) is_readable: bool,
    /// Where that was.
    pub(super) at: usize,
    /// How many calls it is in.
    pub(super) count: usize,
    pub(super) calls: [*mut c_void; Letter::MOST],
}

/// What is known of the poll that a thread is in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Probed {
    /// The task; none if it is what a `block_on` polls.
    pub(crate) task: Option<Id>,
    /// How much is left of the poll's budget.
    pub(crate) left: usize,
    /// What the code that was interrupted says of blocking.
    pub(crate) scope: Scope,
}

impl Letter {
    pub(super) const MOST: usize = 128;

    const EMPTY: Self =
        Self { probed: None, cpu: 0, is_readable: false, at: 0, count: 0, calls: [ptr::null_mut(); Self::MOST] };
}

const FREE: u64 = 0;
const ASKED: u64 = 1;
const WRITING: u64 = 2;
const ANSWERED: u64 = 3;
/// Nobody wants the answer any more that is being written.
const ABANDONED: u64 = 4;
const STEPS: u32 = 3;

/// So many threads can be asked at a time.
pub(super) const MANY: usize = 16;

pub(super) static MAILBOXES: [Mailbox; MANY] =
    [const { Mailbox { state: AtomicU64::new(FREE), letter: UnsafeCell::new(Letter::EMPTY) } }; MANY];

impl Mailbox {
    pub(super) fn claim(&self, ticket: u64) -> bool {
        self.step(FREE, ticket << STEPS | ASKED)
    }

    /// Writes the answer, unless the question has been taken back.
    pub(super) fn answer(&self, ticket: u64, write: impl FnOnce(&mut Letter)) {
        if !self.step(ticket << STEPS | ASKED, ticket << STEPS | WRITING) {
            return;
        }
        // SAFETY: The state says that nobody else uses it.
        write(unsafe { &mut *self.letter.get() });
        if !self.step(ticket << STEPS | WRITING, ticket << STEPS | ANSWERED) {
            self.state.store(FREE, Ordering::Release);
        }
    }

    pub(super) fn read(&self, ticket: u64) -> Option<Letter> {
        let is_there = self.state.load(Ordering::Acquire) == ticket << STEPS | ANSWERED;
        // SAFETY: Nobody writes it until it is free again, which is for the caller to say.
        is_there.then(|| unsafe { *self.letter.get() })
    }

    /// Takes the question back.
    pub(super) fn leave(&self, ticket: u64) {
        let is_free = self.step(ticket << STEPS | ASKED, FREE)
            || self.step(ticket << STEPS | WRITING, ticket << STEPS | ABANDONED)
            || self.step(ticket << STEPS | ANSWERED, FREE);
        debug_assert!(is_free, "each question is taken back once");
    }

    fn step(&self, from: u64, to: u64) -> bool {
        self.state.compare_exchange(from, to, Ordering::AcqRel, Ordering::Relaxed).is_ok()
    }
}
