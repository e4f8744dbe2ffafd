use std::ffi::{CStr, c_char, c_int, c_void};
use std::net::IpAddr;

use libc::{addrinfo, sockaddr, socklen_t};

use super::ear::Judged;
use super::{Seen, What};
use crate::os::hooks::address_text;

pub(in crate::os) unsafe fn host(node: *const c_char, hints: *const addrinfo) -> Option<Judged> {
    // SAFETY: The caller's contract is the call's own, here and below.
    let is_number = unsafe { hints.as_ref() }.is_some_and(|hints| hints.ai_flags & libc::AI_NUMERICHOST != 0);
    // SAFETY: As above.
    if is_number { None } else { unsafe { named(node) } }
}

pub(in crate::os) fn address(address: *const c_void) -> Option<Judged> {
    (!address.is_null()).then(|| Box::new(|| Seen::new(What::Resolver)) as Judged)
}

pub(in crate::os) unsafe fn name(address: *const sockaddr, length: socklen_t, flags: c_int) -> Option<Judged> {
    if flags & libc::NI_NUMERICHOST != 0 {
        return None;
    }
    // SAFETY: As above.
    let name = unsafe { address_text(address, length) };
    Some(Box::new(move || Seen::named(What::Resolver, name)))
}

/// # Safety
///
/// The name must be null or end with a zero byte.
pub(in crate::os) unsafe fn named(name: *const c_char) -> Option<Judged> {
    if name.is_null() {
        return None;
    }
    // SAFETY: By the contract.
    let name = unsafe { CStr::from_ptr(name) }.to_string_lossy().into_owned();
    // A number needs no server.
    name.parse::<IpAddr>().is_err().then(|| Box::new(move || Seen::named(What::Resolver, Some(name))) as Judged)
}
