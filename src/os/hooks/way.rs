use std::ffi::c_int;

use super::{original, stat};

/// How a descriptor may be read and written without waiting for real.
pub(super) enum Way {
    /// By the call itself: it does not wait, or only for a disk.
    Straight,
    /// By calls that can be told not to wait.
    Socket,
    /// In pieces that fit.
    Pipe,
    /// Once it says that it is ready.
    Other,
}

impl Way {
    pub(super) fn of(fd: c_int) -> Self {
        if !is_blocking(fd) {
            return Self::Straight;
        }
        match stat(fd).map(|stat| stat.st_mode & libc::S_IFMT) {
            Some(libc::S_IFREG | libc::S_IFDIR | libc::S_IFBLK) => Self::Straight,
            Some(libc::S_IFSOCK) => Self::Socket,
            Some(libc::S_IFIFO) => Self::Pipe,
            _ => Self::Other,
        }
    }
}

pub(in crate::os) fn is_blocking(fd: c_int) -> bool {
    // SAFETY: The call takes no pointers.
    let flags = unsafe { original::fcntl(fd, libc::F_GETFL, 0) };
    flags >= 0 && flags & libc::O_NONBLOCK == 0
}
