use std::ffi::c_int;
use std::sync::atomic::{AtomicBool, Ordering};

use libc::socklen_t;

/// Whether a test has set how much of its own a socket may have on its way.
static IS_ROOM_LIMITED: AtomicBool = AtomicBool::new(false);

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
    turn_on(fd, libc::TCP_NODELAY);
}

/// Notes that a socket may have less on its way than is usual, and so may have to wait until the other end acknowledges it.
pub(super) fn room_limited() {
    IS_ROOM_LIMITED.store(true, Ordering::Relaxed);
}

/// The longest segment of a stream between two sockets of this machine.
const LONGEST_SEGMENT: c_int = 1 << 16;

/// Has the kernel acknowledge at once what has been read: else it may do so later, in real time, and who waits for room
/// waits for that. Of a socket that has no room for a whole segment it would be told of too little room, and wait on.
pub(super) fn acknowledge(fd: c_int) {
    if IS_ROOM_LIMITED.load(Ordering::Relaxed) && option(fd, libc::SO_RCVBUF).is_some_and(|room| room > LONGEST_SEGMENT)
    {
        turn_on(fd, libc::TCP_QUICKACK);
    }
}

/// Turns an option of TCP's on. Other sockets refuse it.
fn turn_on(fd: c_int, name: c_int) {
    let yes: c_int = 1;
    // SAFETY: The option's value is one number.
    unsafe { libc::setsockopt(fd, libc::IPPROTO_TCP, name, (&raw const yes).cast(), size_of::<c_int>() as socklen_t) };
}
