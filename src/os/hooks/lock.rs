use std::cell::Cell;
use std::ffi::c_int;

use super::aside;
use crate::os::{Member, Wait, Woken, Word};

/// Tries until it has what others may hold, or the time is up; at rest meanwhile, until woken on the address.
pub(super) fn until_had(
    member: &dyn Member,
    call: &'static str,
    address: usize,
    deadline: Option<u64>,
    attempt: impl Fn() -> c_int,
) -> c_int {
    let tried = Cell::new(attempt());
    let still = || {
        tried.set(attempt());
        tried.get() == libc::EBUSY
    };
    while tried.get() == libc::EBUSY {
        let word = Some(Word { address, still: &still });
        let woken = aside(|| member.park(&Wait { call, word, deadline, ..Wait::default() }));
        if tried.get() == libc::EBUSY {
            tried.set(attempt());
        }
        if woken == Woken::TimedOut && tried.get() == libc::EBUSY {
            return libc::ETIMEDOUT;
        }
    }
    tried.get()
}
