use std::ffi::c_int;

use super::seat;

/// Where `errno` is.
pub(super) fn errno() -> *mut c_int {
    // SAFETY: The call has no contract.
    unsafe { libc::__errno_location() }
}

pub(super) fn set_errno(error: c_int) {
    // SAFETY: The address is the calling thread's own.
    unsafe { *errno() = error }
}

pub(super) fn is_errno(error: c_int) -> bool {
    // SAFETY: As above.
    unsafe { *errno() == error }
}

/// Runs the crate's own code after a call whose `errno` the caller is to see.
pub(in crate::os) fn aside<T>(run: impl FnOnce() -> T) -> T {
    // SAFETY: As above.
    let error = unsafe { *errno() };
    let output = seat::inside(run);
    set_errno(error);
    output
}
