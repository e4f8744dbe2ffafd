//! How a process fails though its tests have passed.

/// Has the process end with exit code 101, whatever its tests say: at its end, or where that cannot be had, at once.
#[cfg(seam)]
pub(crate) fn fail_at_exit() {
    use std::sync::Once;

    extern "C" fn fail() {
        // SAFETY: it ends the process, and runs nothing more of it.
        unsafe { libc::_exit(101) }
    }

    static TOLD: Once = Once::new();
    TOLD.call_once(|| {
        // SAFETY: the function is there as long as the process, and may be called at its end.
        let is_told = unsafe { libc::atexit(fail) } == 0;
        assert!(is_told, "libc takes one more function to call at the end");
    });
}

#[cfg(not(seam))]
pub(crate) fn fail_at_exit() {
    std::process::exit(101);
}
