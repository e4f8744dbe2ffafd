use std::backtrace::Backtrace;
use std::ffi::c_void;
use std::fmt::{self, Debug, Display};
#[cfg(feature = "hot-line")]
use std::sync::OnceLock;

#[cfg(feature = "hot-line")]
use super::objects::{Object, objects};

/// The addresses of the calls that the calling thread is in, the innermost first.
pub(crate) fn addresses() -> Vec<usize> {
    const MOST: usize = 256;

    let mut addresses = [std::ptr::null_mut::<c_void>(); MOST];
    let most = libc::c_int::try_from(MOST).unwrap_or(libc::c_int::MAX);
    // SAFETY: There is room for so many.
    let count = unsafe { libc::backtrace(addresses.as_mut_ptr(), most) };
    addresses[..usize::try_from(count).unwrap_or(0)].iter().map(|address| *address as usize).collect()
}

/// Whether one of the calls puts a stack into words: then std's lock for that is held, and nobody may capture another on this thread.
pub(crate) fn puts_a_stack_into_words(addresses: &[usize]) -> bool {
    type Write = fn(&Backtrace, &mut fmt::Formatter<'_>) -> fmt::Result;

    let writers = [<Backtrace as Display>::fmt as Write as usize, <Backtrace as Debug>::fmt as Write as usize];
    addresses.iter().any(|address| writers.contains(&function(*address)))
}

/// Whether one of the calls takes a stack or puts one into words, either of which takes long.
pub(crate) fn has_to_do_with_stacks(addresses: &[usize]) -> bool {
    let takers =
        [Backtrace::capture as fn() -> Backtrace as usize, Backtrace::force_capture as fn() -> Backtrace as usize];
    puts_a_stack_into_words(addresses) || addresses.iter().any(|address| takers.contains(&function(*address)))
}

/// Whether an address is in libc's own code.
#[cfg(feature = "hot-line")]
pub(crate) fn is_in_libc(address: usize) -> bool {
    static LIBC: OnceLock<Option<Object>> = OnceLock::new();

    let is_libc = |object: &Object| object.name.contains("/libc.so");
    let libc = LIBC.get_or_init(|| objects().into_iter().find(is_libc));
    libc.as_ref().is_some_and(|libc| libc.contains(address))
}

/// Where the function begins that an address is in.
fn function(address: usize) -> usize {
    unsafe extern "C" {
        fn _Unwind_FindEnclosingFunction(address: *mut c_void) -> *mut c_void;
    }

    // SAFETY: Any address may be asked for.
    unsafe { _Unwind_FindEnclosingFunction(address as *mut c_void) as usize }
}
