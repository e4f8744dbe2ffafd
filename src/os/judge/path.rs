use std::ffi::{CStr, c_char, c_int};

use libc::DIR;

use super::ear::Judged;
use super::{Seen, What};

/// What lives in memory only, where nobody waits for a disk; and what debuggers read, as whoever prints a stack does.
const NO_DISK: &[&str] = &["/proc/", "/sys/", "/dev/", "/run/", "/var/run/", "/memfd:", "/usr/lib/debug/"];

pub(super) fn is_no_disk(path: &str) -> bool {
    NO_DISK.iter().any(|start| path.starts_with(start))
}

/// # Safety
///
/// The path must be null or end with a zero byte.
pub(in crate::os) unsafe fn named(path: *const c_char) -> Option<Judged> {
    if path.is_null() {
        return None;
    }
    // SAFETY: By the contract.
    let path = unsafe { CStr::from_ptr(path) }.to_string_lossy();
    if is_no_disk(&path) {
        return None;
    }
    let path = path.into_owned();
    Some(Box::new(move || Seen::named(What::File, Some(path).filter(|path| !path.is_empty()))))
}

pub(in crate::os) unsafe fn looked_at(path: *const c_char, flags: c_int) -> Option<Judged> {
    // Of a file that is open, the kernel knows.
    if flags & libc::AT_EMPTY_PATH != 0 {
        return None;
    }
    // SAFETY: The caller's contract is the call's own, here and below.
    unsafe { named(path) }
}

pub(in crate::os) unsafe fn next(folder: *mut DIR) -> Option<Judged> {
    // SAFETY: As above.
    let fd = unsafe { libc::dirfd(folder) };
    super::descriptor::file(fd)
}
