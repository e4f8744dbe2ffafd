use std::ffi::{c_int, c_long};
use std::sync::atomic::{AtomicU32, Ordering};

use libc::timespec;

use super::child::{fork_by_number, is_plain_fork};
use super::{aside, nanos, original, random, set_errno};
use crate::os::{Member, Wait, Woken, Word, wake};

/// The calls that std, `parking_lot` and others make by number.
#[expect(clippy::too_many_arguments, clippy::many_single_char_names, reason = "so it is declared")]
pub(super) unsafe fn syscall(
    member: Option<&dyn Member>,
    number: c_long,
    a: c_long,
    b: c_long,
    c: c_long,
    d: c_long,
    e: c_long,
    f: c_long,
) -> c_long {
    // SAFETY: The caller's contract is the original's.
    let original = |c| unsafe { original::syscall(number, a, b, c, d, e, f) };
    match (number, member) {
        (libc::SYS_futex, member) => {
            match (b as c_int & !(libc::FUTEX_PRIVATE_FLAG | libc::FUTEX_CLOCK_REALTIME), member) {
                (libc::FUTEX_WAKE | libc::FUTEX_WAKE_BITSET, _) => {
                    let most = usize::try_from(c as c_int).unwrap_or(0);
                    let woken = wake(a as usize, most);
                    let left = most - woken;
                    let others = if left > 0 { original(left as c_long) } else { 0 };
                    if others < 0 { others } else { woken as c_long + others }
                }
                // SAFETY: As above.
                (libc::FUTEX_WAIT, Some(member)) => unsafe { wait(member, a, c, d as *const timespec, &At::In) },
                (libc::FUTEX_WAIT_BITSET, Some(member)) => {
                    let is_system = b as c_int & libc::FUTEX_CLOCK_REALTIME != 0;
                    // SAFETY: As above.
                    unsafe {
                        wait(member, a, c, d as *const timespec, if is_system { &At::System } else { &At::Monotonic })
                    }
                }
                _ => original(c),
            }
        }
        // SAFETY: As above.
        (libc::SYS_getrandom, Some(member)) => unsafe { random::getrandom(member, a as _, b as _, c as _) as c_long },
        // SAFETY: As above.
        _ if unsafe { is_plain_fork(number, a, b) } => fork_by_number(member, || original(c)),
        _ => original(c),
    }
}

/// What a timeout counts from.
enum At {
    In,
    Monotonic,
    System,
}

/// # Safety
///
/// As for the futex call.
unsafe fn wait(member: &dyn Member, word: c_long, value: c_long, timeout: *const timespec, at: &At) -> c_long {
    // SAFETY: The address is that of an aligned word, and the timeout null or valid.
    let (word, timeout) = unsafe { (&*(word as *const AtomicU32), timeout.as_ref().map(nanos)) };
    let deadline = timeout.map(|time| match at {
        At::In => member.monotonic().saturating_add(time),
        At::Monotonic => time,
        At::System => member.monotonic().saturating_add(time.saturating_sub(member.system())),
    });
    let still = || word.load(Ordering::SeqCst) == value as u32;
    let word = Some(Word { address: std::ptr::from_ref(word) as usize, still: &still });
    match aside(|| member.park(&Wait { call: "futex", word, deadline, ..Wait::default() })) {
        Woken::ByWord | Woken::Ready => 0,
        Woken::TimedOut => failed(libc::ETIMEDOUT),
        Woken::Changed => failed(libc::EAGAIN),
    }
}

fn failed(error: c_int) -> c_long {
    set_errno(error);
    -1
}
