use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use super::hooks::original;
use super::polls::timespec;
use super::{Bell, Fd, Polls};

/// How a member that waits for real is reached. All but `wait` is called under the world's lock.
#[derive(Default)]
pub(crate) struct Poker {
    word: AtomicU32,
    /// For a wait on file descriptors too; made when first needed, since descriptors are few.
    bell: OnceLock<Bell>,
    rings: AtomicBool,
}

impl Poker {
    /// Says how the next wait is ended.
    pub(crate) fn set(&self, has_fds: bool) {
        self.rings.store(has_fds, Ordering::Relaxed);
    }

    /// Ends the wait.
    pub(crate) fn poke(&self) {
        if self.word.swap(1, Ordering::SeqCst) == 1 {
            return;
        }
        if self.rings.load(Ordering::Relaxed) {
            self.bell.get_or_init(Bell::new).ring();
        } else {
            // SAFETY: The word is valid, and FUTEX_WAKE reads nothing else.
            unsafe {
                original::syscall(
                    libc::SYS_futex,
                    self.word.as_ptr() as i64,
                    i64::from(libc::FUTEX_WAKE | libc::FUTEX_PRIVATE_FLAG),
                    1,
                    0,
                    0,
                    0,
                );
            }
        }
    }

    /// Forgets that the wait was ended.
    pub(crate) fn clear(&self) {
        // Most waits are over before they began; under the world's lock nobody ends one meanwhile.
        if self.word.load(Ordering::SeqCst) == 0 {
            return;
        }
        self.word.store(0, Ordering::SeqCst);
        if self.rings.load(Ordering::Relaxed) {
            self.bell.get_or_init(Bell::new).silence();
        }
    }

    /// Waits for real; says whether a file descriptor was ready.
    pub(crate) fn wait(&self, fds: &[Fd], polls: &mut Polls, at_most: Option<Duration>) -> bool {
        if fds.is_empty() {
            self.wait_for_word(at_most);
            return false;
        }
        polls.clear();
        polls.add(fds);
        polls.add(&[self.bell.get_or_init(Bell::new).fd()]);
        polls.wait(at_most);
        (0..fds.len()).any(|place| polls.is_ready(place))
    }

    fn wait_for_word(&self, at_most: Option<Duration>) {
        let timeout = at_most.map(timespec);
        let timeout = timeout.as_ref().map_or(0, |timeout| std::ptr::from_ref(timeout) as i64);
        // SAFETY: The word and the timeout are valid; the kernel only reads them.
        unsafe {
            original::syscall(
                libc::SYS_futex,
                self.word.as_ptr() as i64,
                i64::from(libc::FUTEX_WAIT | libc::FUTEX_PRIVATE_FLAG),
                0,
                timeout,
                0,
                0,
            );
        }
    }
}
