use std::ffi::c_short;

/// What a member waits for. Any of it wakes the member.
#[derive(Clone, Copy, Default)]
pub(crate) struct Wait<'a> {
    /// By what name a report tells of it.
    pub(crate) call: &'static str,
    pub(crate) fds: &'a [Fd],
    pub(crate) word: Option<Word<'a>>,
    /// On the member's own monotonic clock, in nanoseconds.
    pub(crate) deadline: Option<u64>,
    /// An address that the member lets go once it counts as waiting, on which it wakes one other.
    pub(crate) wakes: Option<usize>,
}

/// An address on which others wake the member.
#[derive(Clone, Copy)]
pub(crate) struct Word<'a> {
    pub(crate) address: usize,
    /// Says, once the member counts as waiting, whether there is still something to wait for.
    pub(crate) still: &'a dyn Fn() -> bool,
}

/// A file descriptor, and what it should be ready for, in `poll`'s terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fd {
    pub(crate) number: i32,
    pub(crate) events: c_short,
}

/// A timer that is waited for as a file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timer {
    /// When it expires next, on the member's own monotonic clock, in nanoseconds.
    pub(crate) at: u64,
    /// How long it takes from then on, again and again; 0 if it does not.
    pub(crate) every: u64,
}

/// Why a wait ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Woken {
    /// By somebody, on the word.
    ByWord,
    /// The deadline has come.
    TimedOut,
    /// One of the file descriptors is ready.
    Ready,
    /// There was nothing to wait for.
    Changed,
}

impl Wait<'_> {
    pub(super) fn until(call: &'static str, deadline: u64) -> Self {
        Self { call, deadline: Some(deadline), ..Self::default() }
    }
}
