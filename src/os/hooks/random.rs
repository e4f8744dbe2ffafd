use std::ffi::{c_int, c_uint, c_void};

use libc::{size_t, ssize_t};

use super::{aside, original};
use crate::os::Member;

pub(super) unsafe fn getrandom(member: &dyn Member, buffer: *mut c_void, length: size_t, flags: c_uint) -> ssize_t {
    // SAFETY: The caller's contract is the original's.
    unsafe {
        if fill(member, buffer, length) { length.cast_signed() } else { original::getrandom(buffer, length, flags) }
    }
}

pub(super) unsafe fn getentropy(member: &dyn Member, buffer: *mut c_void, length: size_t) -> c_int {
    // SAFETY: The caller's contract is the original's.
    unsafe { if length <= 256 && fill(member, buffer, length) { 0 } else { original::getentropy(buffer, length) } }
}

/// # Safety
///
/// The buffer must be null or valid for so many bytes.
unsafe fn fill(member: &dyn Member, buffer: *mut c_void, length: size_t) -> bool {
    if buffer.is_null() {
        return false;
    }
    aside(|| {
        // SAFETY: By the contract; bytes of any kind may be overwritten, and are set to zero before they are seen.
        unsafe { buffer.cast::<u8>().write_bytes(0, length) };
        member.random(unsafe { std::slice::from_raw_parts_mut(buffer.cast(), length) })
    })
}
