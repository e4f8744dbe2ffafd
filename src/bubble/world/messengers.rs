use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::LONG_GRACE;
use crate::os::{self, Runner};

/// Those who may be telling of a signal that a member has sent its process: whoever sees it first does so, in whichever bubble or none.
#[derive(Default)]
pub(super) struct Messengers {
    /// Members of other bubbles: how often they have come to rest, and how often they had when the signal came.
    members: Vec<(Arc<AtomicU64>, u64)>,
    strangers: Vec<Runner>,
    /// When the signal came, in real time.
    since: u64,
}

impl Messengers {
    /// `members` are those that are awake.
    pub(super) fn new<'a>(members: impl Iterator<Item = &'a Arc<AtomicU64>>, strangers: Vec<Runner>) -> Self {
        let members = members.map(|stirs| (Arc::clone(stirs), stirs.load(Ordering::Relaxed))).collect();
        Self { members, strangers, since: os::real_monotonic() }
    }

    /// Whether one of them has not come to rest since. Nobody is waited for that computes for long.
    pub(super) fn are_any_left(&mut self) -> bool {
        if self.members.is_empty() && self.strangers.is_empty() {
            return false;
        }
        if os::real_monotonic().saturating_sub(self.since) >= LONG_GRACE {
            *self = Self::default();
            return false;
        }
        let is_gone = |stirs: &Arc<AtomicU64>| Arc::strong_count(stirs) == 1;
        self.members.retain(|(stirs, then)| stirs.load(Ordering::Relaxed) == *then && !is_gone(stirs));
        self.strangers.retain(|stranger| stranger.runs_on());
        !self.members.is_empty() || !self.strangers.is_empty()
    }
}
