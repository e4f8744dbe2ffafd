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

const BITS: u32 = 6;
const TOP: u32 = 5;

/// Says whether the wheel, coming from `from`, may have stopped at `at` on the way to a later timer.
///
/// If so, gives the instant before which that timer is due. All three count from the bubble's start.
pub(super) fn waypoint(from: Nanos, at: Nanos) -> Option<Nanos> {
    let (from, at) = (tick(from), tick(at));
    let level = (((from ^ at) | 1).ilog2() / BITS).min(TOP);
    let slot = 1_u64 << (BITS * level);
    let due_before = if level == TOP { u64::MAX } else { at + slot };

    (level > 0 && at & (slot - 1) == 0).then(|| Nanos::from_millis(due_before).minus(ZERO_NANOS))
}

const ZERO_NANOS: Nanos = Nanos::from_millis(ZERO_MILLIS);

fn tick(instant: Nanos) -> u64 {
    instant.plus(ZERO_NANOS).as_millis()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at_tick(tick: u64) -> Nanos {
        Nanos::from_millis(tick).minus(ZERO_NANOS)
    }

    #[test]
    fn the_start_of_a_coarser_slot_is_a_waypoint_to_what_lies_in_it() {
        assert_eq!(waypoint(at_tick(1), at_tick(64)), Some(at_tick(128)));
        assert_eq!(waypoint(at_tick(63), at_tick(4096)), Some(at_tick(8192)));
        assert_eq!(waypoint(at_tick(4096), at_tick(4160)), Some(at_tick(4224)));
    }

    #[test]
    fn a_timer_s_own_instant_is_none() {
        assert_eq!(waypoint(at_tick(1), at_tick(63)), None);
        assert_eq!(waypoint(at_tick(1), at_tick(65)), None);
        assert_eq!(waypoint(at_tick(4096), at_tick(8191)), None);
    }
}
