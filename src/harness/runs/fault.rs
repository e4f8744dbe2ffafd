use std::process::ExitStatus;

use super::Difference;

/// The first seed, of several, with which a test fails.
pub(in crate::harness) struct Fault {
    pub(in crate::harness) seed: u64,
    /// Its number, from 1, of so many.
    pub(in crate::harness) number: u64,
    pub(in crate::harness) count: u64,
    pub(in crate::harness) what: What,
}

pub(in crate::harness) enum What {
    /// The test failed, and has printed its report.
    Failed { output: String },
    /// Once it passed, and then it failed.
    FailedLater { output: String },
    /// Its process came to an end before the test did.
    Lost { output: String, status: ExitStatus },
    /// No test began; if something went wrong, this is what the process said.
    NotFound { output: String },
    /// Two runs with the same seed differ.
    Differs(Difference),
}
