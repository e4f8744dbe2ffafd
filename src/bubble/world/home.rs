use std::sync::Arc;

use super::clocks::Clocks;
use crate::os;

/// Whose clock the thread reads. Its monotonic clock never goes back, wherever it goes.
#[derive(Clone)]
pub(super) enum Home {
    /// By so many nanoseconds the thread's own clock is ahead of the bubble's.
    Bubble(Arc<Clocks>, i64),
    /// As ahead of the real one.
    Real(i64),
}

impl Home {
    /// The bubble's number; 0 if it is gone.
    pub(super) fn bubble(&self) -> u32 {
        match self {
            Self::Bubble(clocks, _) if !clocks.is_closed() => clocks.bubble,
            _ => 0,
        }
    }

    pub(super) fn monotonic(&self) -> u64 {
        match self {
            Self::Bubble(clocks, ahead) => clocks.monotonic().saturating_add_signed(*ahead),
            Self::Real(ahead) => os::real_monotonic().saturating_add_signed(*ahead),
        }
    }

    /// A deadline of the thread's own clock on that of its bubble.
    pub(super) fn deadline(&self, monotonic: u64) -> u64 {
        match self {
            Self::Bubble(clocks, ahead) => clocks.since_start(monotonic.saturating_sub_signed(*ahead)),
            Self::Real(ahead) => monotonic.saturating_sub_signed(*ahead),
        }
    }

    /// The other way round.
    pub(super) fn shown_at(&self, deadline: u64) -> u64 {
        match self {
            Self::Bubble(clocks, ahead) => clocks.shown_at(deadline).saturating_add_signed(*ahead),
            Self::Real(ahead) => deadline.saturating_add_signed(*ahead),
        }
    }
}

const MILLI: i64 = 1_000_000;

/// No less, in whole milliseconds: two clocks so far apart have their ticks at the same instants.
pub(super) fn whole_millis(ahead: i64) -> i64 {
    ahead + (MILLI - ahead.rem_euclid(MILLI)) % MILLI
}

/// By how much a clock is ahead of another.
pub(super) fn ahead(clock: u64, of: u64) -> i64 {
    clock.cast_signed().wrapping_sub(of.cast_signed())
}
