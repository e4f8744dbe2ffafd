use std::ffi::{c_char, c_void};
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};

use super::hooks::instead;

/// The address of libc's own definition of a symbol, looked up at the first call.
pub(super) struct Original {
    name: &'static str,
    address: AtomicPtr<c_void>,
}

/// Of these, glibc keeps an old version that an unversioned lookup finds first.
#[cfg(target_arch = "x86_64")]
const VERSIONED: &[(&str, &std::ffi::CStr)] = &[("pthread_cond_", c"GLIBC_2.3.2")];
#[cfg(not(target_arch = "x86_64"))]
const VERSIONED: &[(&str, &std::ffi::CStr)] = &[];

impl Original {
    /// `name` ends with a zero byte; `first_call` looks it up, and goes on to what it found.
    pub(super) const fn new(name: &'static str, first_call: *mut c_void) -> Self {
        Self { name, address: AtomicPtr::new(first_call) }
    }

    #[inline]
    pub(super) fn address(&self) -> *mut c_void {
        self.address.load(Ordering::Relaxed)
    }

    pub(super) fn look_up(&self) {
        let name: *const c_char = self.name.as_ptr().cast();
        let version = VERSIONED.iter().find(|(prefix, _)| self.name.starts_with(prefix)).map(|(_, version)| version);
        // SAFETY: The names end with a zero byte.
        let mut address =
            version.map_or(ptr::null_mut(), |version| unsafe { libc::dlvsym(libc::RTLD_NEXT, name, version.as_ptr()) });
        if address.is_null() {
            // SAFETY: As above.
            address = unsafe { libc::dlsym(libc::RTLD_NEXT, name) };
        }
        if address.is_null() {
            address = instead(self.name.trim_end_matches('\0')).unwrap_or(ptr::null_mut());
        }
        if address.is_null() {
            // A symbol that this libc does not have is not called by anyone either; a panic here could not unwind.
            std::process::abort();
        }
        self.address.store(address, Ordering::Relaxed);
    }
}
