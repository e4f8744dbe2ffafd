use std::panic::Location;
use std::sync::Arc;
use std::time::Duration;

/// An answer that a call waits for, and that only the test can give.
pub(super) struct Owed {
    pub(super) call: u32,
    pub(super) since: Duration,
    /// Where the rule stands, if one took the call.
    pub(super) rule: Option<&'static Location<'static>>,
    pub(super) by: Debtor,
}

/// Who owes an answer.
pub(super) enum Debtor {
    /// A gate, or the hand of the test.
    Test(Arc<dyn Lacks>),
    Nobody,
}

/// What knows why an answer does not come.
pub(super) trait Lacks: Send + Sync {
    fn lacking(&self) -> Lacking;
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

impl Owed {
    pub(super) fn lacking(&self) -> Lacking {
        match &self.by {
            Debtor::Test(test) => test.lacking(),
            Debtor::Nobody => Lacking::Pending,
        }
    }
}
