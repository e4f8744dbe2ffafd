use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::sync::Arc;

use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

use super::Fd;
use super::hooks::original;

/// A file descriptor that is ready from a ring until it is silenced.
#[derive(Debug)]
pub(crate) struct Bell(OwnedFd);

impl Bell {
    pub(crate) fn new() -> Self {
        // SAFETY: The call takes no pointers.
        let fd = unsafe { libc::eventfd(0, libc::EFD_NONBLOCK | libc::EFD_CLOEXEC) };
        assert!(fd >= 0, "no eventfd for a thread to wait on: {}", std::io::Error::last_os_error());
        // SAFETY: The descriptor was just made, and nobody else knows it.
        Self(unsafe { OwnedFd::from_raw_fd(fd) })
    }

    /// Has the current runtime hear it.
    pub(crate) fn heard(self: Arc<Self>) -> io::Result<AsyncFd<Arc<Self>>> {
        // SAFETY: The descriptor is open, and the same, as long as the bell that is given away lives.
        Ok(unsafe { AsyncFd::register_with_interest(self, Interest::READABLE) }?)
    }

    pub(crate) fn fd(&self) -> Fd {
        Fd { number: self.0.as_raw_fd(), events: libc::POLLIN }
    }

    pub(crate) fn ring(&self) {
        let one = 1_u64;
        // SAFETY: Eight bytes are read from a valid place.
        unsafe { original::write(self.0.as_raw_fd(), (&raw const one).cast(), 8) };
    }

    pub(crate) fn silence(&self) {
        let mut rings = 0_u64;
        // SAFETY: Eight bytes are written to a valid place; the descriptor does not block.
        unsafe { original::read(self.0.as_raw_fd(), (&raw mut rings).cast(), 8) };
    }
}

impl AsRawFd for Bell {
    fn as_raw_fd(&self) -> RawFd {
        self.0.as_raw_fd()
    }
}
