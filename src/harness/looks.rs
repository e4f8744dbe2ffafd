use std::sync::Arc;
use std::time::Duration;

use super::settings::Settings;
#[cfg(seam)]
use crate::blocking::{Owner, Stalls};
use crate::bubble::{Bubble, Clock, does_another_go_on};

/// How often, in real time, a thread is looked at that may be at rest for good where only `tokio::time` is virtual.
const AT_REST: Duration = Duration::from_millis(500);

/// What is looked for, from outside, in a run that goes on for long.
pub(super) enum Looks {
    Nothing,
    /// Whether all of it is at rest.
    Rest,
    /// Whether a poll of it keeps the processor.
    #[cfg(seam)]
    Stalls(Stalls),
}

impl Looks {
    #[cfg_attr(not(seam), expect(unused_variables, reason = "only the seam sees polls"))]
    pub(super) fn new(settings: &Settings, bubble: &Bubble) -> Self {
        match bubble.clock {
            Clock::Portable(_) => Self::Rest,
            #[cfg(seam)]
            Clock::Virtual(_) => settings.poll_budget.map_or(Self::Nothing, |budget| Self::Stalls(Stalls::new(budget))),
            Clock::Real(_) => Self::Nothing,
        }
    }

    /// How often, in real time, it wants to look; `None` if never.
    pub(super) fn period(&self) -> Option<Duration> {
        match self {
            Self::Nothing => None,
            Self::Rest => Some(AT_REST),
            #[cfg(seam)]
            Self::Stalls(stalls) => Some(stalls.period()),
        }
    }

    pub(super) fn look(&mut self, bubble: &Arc<Bubble>) {
        match (self, &bubble.clock) {
            (Self::Rest, Clock::Portable(clock)) => clock.look(|| does_another_go_on(bubble)),
            #[cfg(seam)]
            (Self::Stalls(stalls), Clock::Virtual(clock)) => {
                stalls.look(&Owner::Bubble(Arc::clone(bubble)), clock.at_work());
            }
            _ => {}
        }
    }
}
