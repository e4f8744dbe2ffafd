use std::ffi::c_int;

use libc::socklen_t;

/// A socket's option that is one number; none if the descriptor is no socket.
pub(in crate::os) fn option(fd: c_int, name: c_int) -> Option<c_int> {
    let mut value: c_int = 0;
    let mut length = size_of::<c_int>() as socklen_t;
    // SAFETY: The option's value is one number, for which there is room.
    let failed = unsafe { libc::getsockopt(fd, libc::SOL_SOCKET, name, (&raw mut value).cast(), &raw mut length) };
    (failed == 0).then_some(value)
}

/// Keeps the kernel from holding back small parts of a stream, by Nagle's rule: it would do so in real time.
pub(super) fn send_at_once(fd: c_int) {
    let yes: c_int = 1;
    // SAFETY: The option's value is one number. A unix socket refuses it.
    unsafe {
        libc::setsockopt(
            fd,
            libc::IPPROTO_TCP,
            libc::TCP_NODELAY,
            (&raw const yes).cast(),
            size_of::<c_int>() as socklen_t,
        )
    };
}
