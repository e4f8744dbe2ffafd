use std::time::Duration;

use super::settings::Settings;
#[cfg(seam)]
use crate::blocking::Stalls;
use crate::bubble::{Bubble, Clock};

/// How often, in real time, a thread is looked at that may be at rest for good where only `tokio::time` is virtual.
const AT_REST: Duration = Duration::from_millis(500);

/// Looks, from outside, at a run that goes on for long: whether a poll of it keeps the processor, or all of it is at rest.
pub(super) struct Looks {
    #[cfg(seam)]
    stalls: Option<Stalls>,
    is_portable: bool,
}

impl Looks {
    pub(super) fn new(settings: &Settings, bubble: &Bubble) -> Self {
        #[cfg(not(seam))]
        let _ = settings;
        Self {
            #[cfg(seam)]
            stalls: settings.poll_budget.map(Stalls::new),
            is_portable: matches!(bubble.clock, Clock::Portable(_)),
        }
    }

    /// How often, in real time, it wants to look; `None` if never.
    pub(super) fn period(&self) -> Option<Duration> {
        if self.is_portable {
            return Some(AT_REST);
        }
        #[cfg(seam)]
        return self.stalls.as_ref().map(Stalls::period);
        #[cfg(not(seam))]
        None
    }

    #[cfg_attr(not(seam), expect(clippy::unused_self, reason = "elsewhere only the other clock is looked at"))]
    pub(super) fn look(&mut self, bubble: &Bubble) {
        if let Clock::Portable(clock) = &bubble.clock {
            clock.look();
        }
        #[cfg(seam)]
        if let Some(stalls) = &mut self.stalls {
            stalls.look(bubble);
        }
    }
}
