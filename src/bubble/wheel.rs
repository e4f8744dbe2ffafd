//! What must be known of tokio's timer wheel to tell a jump from the steps it is made in.
//!
//! The wheel has six levels of 64 slots, a millisecond each on the lowest. A timer that is far away lies in a
//! coarse slot; when time comes to the start of that slot, the wheel stops there only to sort it into finer ones.

use std::time::Duration;

use super::Nanos;

/// The bubble's zero on the wheel.
///
/// Odd, so that the deadlines people write (whole seconds, even milliseconds) never fall on a slot's start,
/// where they could not be told from a stop on the way.
pub(crate) const ZERO: Duration = Duration::from_millis(ZERO_MILLIS);

const ZERO_MILLIS: u64 = 1;

/// The longest wait of `epoll_wait`, in milliseconds: a later timer is waited for in several.
const LONGEST_WAIT: u64 = i32::MAX as u64;

const BITS: u32 = 6;
const TOP: u32 = 5;

/// Says whether the wheel, coming from `from`, may have stopped at `at` only on the way to a later timer.
///
/// Both count from the bubble's start.
pub(super) fn is_waypoint(from: Nanos, at: Nanos) -> bool {
    let (from, at) = (tick(from), tick(at));
    let level = (((from ^ at) | 1).ilog2() / BITS).min(TOP);
    let slot = 1_u64 << (BITS * level);

    (level > 0 && at & (slot - 1) == 0) || at - from == LONGEST_WAIT
}

fn tick(instant: Nanos) -> u64 {
    instant.plus(Nanos::from_millis(ZERO_MILLIS)).as_millis()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at_tick(tick: u64) -> Nanos {
        Nanos::from_millis(tick - ZERO_MILLIS)
    }

    #[test]
    fn the_start_of_a_coarser_slot_is_a_waypoint_to_what_lies_in_it() {
        assert!(is_waypoint(at_tick(1), at_tick(64)));
        assert!(is_waypoint(at_tick(63), at_tick(4096)));
        assert!(is_waypoint(at_tick(4096), at_tick(4160)));
    }

    #[test]
    fn a_timer_s_own_instant_is_none() {
        assert!(!is_waypoint(at_tick(1), at_tick(63)));
        assert!(!is_waypoint(at_tick(1), at_tick(65)));
        assert!(!is_waypoint(at_tick(4096), at_tick(8191)));
    }
}
