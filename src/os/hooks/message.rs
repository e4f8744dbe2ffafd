use std::ffi::{c_int, c_void};
use std::ptr::slice_from_raw_parts;
use std::slice::from_raw_parts;

use libc::{iovec, msghdr};

/// A message of nothing but bytes.
pub(super) fn message_of(parts: *const iovec, count: c_int) -> msghdr {
    // SAFETY: All zeros is a valid message, that of nothing.
    let mut message: msghdr = unsafe { std::mem::zeroed() };
    message.msg_iov = parts.cast_mut();
    message.msg_iovlen = usize::try_from(count).unwrap_or(0);
    message
}

/// How many bytes a message has.
///
/// # Safety
///
/// The message must be null or valid.
pub(super) unsafe fn length_of(message: *const msghdr) -> usize {
    // SAFETY: By the contract.
    unsafe {
        message
            .as_ref()
            .map_or(0, |message| parts(message).iter().fold(0, |sum, part| sum.saturating_add(part.iov_len)))
    }
}

/// What is left of a message's parts after so many bytes; none of them is empty.
///
/// # Safety
///
/// The message must be valid.
pub(super) unsafe fn after(message: &msghdr, done: usize) -> Vec<iovec> {
    let mut skipped = done;
    // SAFETY: By the contract.
    let parts = unsafe { parts(message) }.iter().map(|part| {
        let gone = skipped.min(part.iov_len);
        skipped -= gone;
        // SAFETY: It stays inside the part.
        iovec { iov_base: unsafe { part.iov_base.byte_add(gone) }, iov_len: part.iov_len - gone }
    });
    parts.filter(|part| part.iov_len > 0).collect()
}

/// Where bytes are that a call takes or gives.
pub(super) type Place = *const [u8];

pub(super) const NOWHERE: Place = &[];

pub(super) fn place(start: *const c_void, length: usize) -> Place {
    slice_from_raw_parts(start.cast(), length)
}

/// Where a message's first bytes are.
///
/// # Safety
///
/// The message must be null or valid.
pub(super) unsafe fn first_of(message: *const msghdr) -> Place {
    // SAFETY: By the contract.
    let mut parts = unsafe { message.as_ref().map_or(&[][..], |message| parts(message)) }.iter();
    parts.find(|part| part.iov_len > 0).map_or(NOWHERE, |part| place(part.iov_base, part.iov_len))
}

/// The bytes of a place, at most so many.
///
/// # Safety
///
/// So many must be valid, and none changed meanwhile.
pub(super) unsafe fn bytes_of<'a>(place: Place, most: usize) -> &'a [u8] {
    let length = place.len().min(most);
    if place.is_null() || length == 0 {
        return &[];
    }
    // SAFETY: By the contract.
    unsafe { from_raw_parts(place.cast(), length) }
}

/// # Safety
///
/// The message must be valid.
unsafe fn parts(message: &msghdr) -> &[iovec] {
    if message.msg_iov.is_null() {
        return &[];
    }
    // SAFETY: By the contract, so many are valid.
    unsafe { from_raw_parts(message.msg_iov, message.msg_iovlen) }
}
