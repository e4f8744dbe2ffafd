use std::time::Duration;

use super::settings::Settings;
#[cfg(seam)]
use crate::blocking::Stalls;
use crate::bubble::Bubble;

/// Looks, from outside, at a run that goes on for long: whether a poll of it keeps the processor.
pub(super) struct Looks {
    #[cfg(seam)]
    stalls: Option<Stalls>,
}

#[cfg(seam)]
impl Looks {
    pub(super) fn new(settings: &Settings) -> Self {
        Self { stalls: settings.poll_budget.map(Stalls::new) }
    }

    /// How often, in real time, it wants to look; `None` if never.
    pub(super) fn period(&self) -> Option<Duration> {
        self.stalls.as_ref().map(Stalls::period)
    }

    pub(super) fn look(&mut self, bubble: &Bubble) {
        if let Some(stalls) = &mut self.stalls {
            stalls.look(bubble);
        }
    }
}

/// Nothing can be seen from outside here.
#[cfg(not(seam))]
#[expect(clippy::unused_self, reason = "as where something can be seen")]
impl Looks {
    pub(super) fn new(_: &Settings) -> Self {
        Self {}
    }

    pub(super) fn period(&self) -> Option<Duration> {
        None
    }

    pub(super) fn look(&mut self, _: &Bubble) {}
}
