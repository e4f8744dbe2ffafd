use std::cell::Cell;

use libc::clockid_t;

use super::ear::are_strangers_heard;
use crate::os::seat;

thread_local! {
    /// What each clock by which threads wait has last told this one that is no member, by its number, in nanoseconds; 0 if nothing yet.
    static TOLD: [Cell<u64>; 2] = const { [Cell::new(0), Cell::new(0)] };
}

const _: () = assert!(libc::CLOCK_REALTIME == 0 && libc::CLOCK_MONOTONIC == 1);

/// Notes what a clock tells a thread that is no member.
#[inline]
pub(in crate::os) fn note_told(clock: clockid_t, time: impl FnOnce() -> Option<u64>) {
    if are_strangers_heard() {
        note(clock, time());
    }
}

#[cold]
fn note(clock: clockid_t, time: Option<u64>) {
    TOLD.with(|told| {
        if let (Some(told), Some(time)) = (place(clock).and_then(|place| told.get(place)), time) {
            told.set(time);
        }
    });
}

fn place(clock: clockid_t) -> Option<usize> {
    usize::try_from(clock).ok()
}

/// How long it is until a clock shows a time, counted from what it last told the calling thread: that may not have had the processor
/// since, and what it meant to wait for is what it asked for.
pub(super) fn until(clock: clockid_t, time: u64) -> Option<u64> {
    let told = TOLD.with(|told| told.get(place(clock)?).map(Cell::get));
    let now = match told.filter(|told| *told > 0 && !seat::is_member()) {
        Some(told) => told,
        None => seat::now(clock)?,
    };
    Some(time.saturating_sub(now))
}
