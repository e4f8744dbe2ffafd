use std::panic::Location;
use std::sync::Arc;
use std::time::Duration;

use super::answer::Then;
use super::gate::Door;
use super::hand::Hand;
use super::signature::Signature;

/// An answer that a call waits for, and that only the test can give.
pub(super) struct Owed<S: Signature> {
    pub(super) call: u32,
    pub(super) since: Duration,
    /// Where the rule stands, if one took the call.
    pub(super) rule: Option<&'static Location<'static>>,
    by: By<S>,
}

enum By<S: Signature> {
    Gate(Arc<Door<S::Output>>),
    Hand(Arc<Hand<S>>),
    Nobody,
}

/// What an answer is lacking.
#[derive(Clone, Copy)]
pub(super) enum Lacking {
    Gate,
    /// The test has dropped the gate.
    GateGone,
    /// The test has not asked for the call.
    NextCall,
    Respond,
    /// The test has let go of the call.
    Dropped,
    /// It never comes.
    Pending,
}

impl<S: Signature> Owed<S> {
    pub(super) fn new(
        call: u32,
        since: Duration,
        rule: Option<&'static Location<'static>>,
        then: &Then<'_, S>,
    ) -> Option<Self> {
        let by = match then {
            Then::Door(door) => By::Gate(Arc::clone(door)),
            Then::Hand(hand) => By::Hand(Arc::clone(hand)),
            Then::Never => By::Nobody,
            Then::Value(_) | Then::Made(_) | Then::Future(_) => return None,
        };
        Some(Self { call, since, rule, by })
    }

    pub(super) fn lacking(&self) -> Lacking {
        match &self.by {
            By::Gate(door) => door.lacking(),
            By::Hand(hand) => hand.lacking(),
            By::Nobody => Lacking::Pending,
        }
    }
}
