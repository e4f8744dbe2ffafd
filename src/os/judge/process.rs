use std::ffi::{CStr, c_char, c_int};

use libc::pthread_t;

use super::ear::Judged;
use super::{Seen, What};
use crate::os::hooks::has_long_ended;

pub(in crate::os) fn ended() -> Option<Judged> {
    waited(0)
}

pub(in crate::os) fn waited(options: c_int) -> Option<Judged> {
    (options & libc::WNOHANG == 0).then(|| Box::new(|| Seen::new(What::Process)) as Judged)
}

pub(in crate::os) unsafe fn shell(command: *const c_char) -> Option<Judged> {
    if command.is_null() {
        return None;
    }
    // SAFETY: The caller's contract is the call's own.
    let command = unsafe { CStr::from_ptr(command) }.to_string_lossy().into_owned();
    Some(Box::new(move || Seen::named(What::Process, Some(command))))
}

/// Of a thread that ends at this very instant, whether it has ended is chance.
pub(in crate::os) fn joined(thread: pthread_t) -> Option<Judged> {
    (!has_long_ended(thread)).then(|| Box::new(|| Seen::new(What::Join)) as Judged)
}
