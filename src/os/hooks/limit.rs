use std::collections::BTreeMap;
use std::ffi::{c_int, c_void};
use std::sync::{Mutex, MutexGuard, PoisonError};

use libc::{socklen_t, timeval};

use super::option::room_limited;
use super::{aside, in_nanos, nanos, original, traffic};
use crate::os::Member;

/// The limits that members have set on how long their sockets wait, in nanoseconds, by the socket's inode and the option.
///
/// The system keeps them in its own ticks, which are longer on one machine than on another.
static LIMITS: Mutex<BTreeMap<(libc::ino_t, c_int), u64>> = Mutex::new(BTreeMap::new());

/// No system's tick is longer, in nanoseconds.
const LONGEST_TICK: u64 = 10_000_000;

/// So many are kept, of the youngest sockets: by their numbers, as the system gives them.
const MOST: usize = 1 << 12;

fn note(socket: libc::ino_t, option: c_int, limit: u64) {
    let mut limits = limits();
    limits.insert((socket, option), limit);
    if limits.len() > MOST {
        limits.pop_first();
    }
}

fn limits() -> MutexGuard<'static, BTreeMap<(libc::ino_t, c_int), u64>> {
    LIMITS.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(super) unsafe fn setsockopt(
    _: &dyn Member,
    socket: c_int,
    level: c_int,
    option: c_int,
    value: *const c_void,
    length: socklen_t,
) -> c_int {
    // SAFETY: The caller's contract is the original's.
    let result = unsafe { original::setsockopt(socket, level, option, value, length) };
    let is_limit = level == libc::SOL_SOCKET && [libc::SO_RCVTIMEO, libc::SO_SNDTIMEO].contains(&option);
    if result == 0 && is_limit {
        // SAFETY: The original has taken the value for what it is.
        let limit = nanos(&in_nanos(&unsafe { value.cast::<timeval>().read_unaligned() }));
        aside(|| note(inode(socket), option, limit));
    }
    match (level, option) {
        (libc::IPPROTO_TCP, libc::TCP_NODELAY) if result == 0 => aside(|| traffic::delayed(socket)),
        (libc::SOL_SOCKET, libc::SO_SNDBUF) if result == 0 => room_limited(),
        _ => {}
    }
    result
}

/// How long a socket waits at most, in nanoseconds.
pub(super) fn time_limit(socket: c_int, option: c_int) -> Option<u64> {
    let mut limit = timeval { tv_sec: 0, tv_usec: 0 };
    let mut length = size_of::<timeval>() as socklen_t;
    // SAFETY: The option's value is a `timeval`, for which there is room.
    let failed =
        unsafe { libc::getsockopt(socket, libc::SOL_SOCKET, option, (&raw mut limit).cast(), &raw mut length) };
    let rounded = nanos(&in_nanos(&limit));
    if failed != 0 || rounded == 0 {
        return None;
    }
    let exact = limits().get(&(inode(socket), option)).copied();
    // Another socket may have had the inode before, or a thread of no bubble may have set another limit.
    Some(exact.filter(|exact| (rounded.saturating_sub(LONGEST_TICK)..=rounded).contains(exact)).unwrap_or(rounded))
}

fn inode(socket: c_int) -> libc::ino_t {
    super::stat(socket).map_or(0, |stat| stat.st_ino)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_very_many_sockets_the_youngest_are_remembered() {
        let youngest = libc::ino_t::MAX;
        for socket in youngest - 2 * MOST as libc::ino_t..=youngest {
            note(socket, 0, 7);
        }

        assert_eq!(limits().len(), MOST);
        assert_eq!(limits().get(&(youngest, 0)), Some(&7));
        limits().retain(|(_, option), _| *option != 0);
    }
}
