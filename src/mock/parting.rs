use std::thread;

use super::home::Home;
use super::report;
use crate::bubble::{Complaint, Fault, say_aloud};
use crate::os;

/// What is dropped, to those who read of it.
pub(crate) struct Parting<'a> {
    /// `the mock fetch`
    pub(crate) what: &'a str,
    /// What else than `#[async_test]` has the test see its complaints.
    pub(crate) instead: &'a str,
    /// Whether a panic here may fail no test.
    pub(crate) is_out_of_sight: bool,
}

impl Parting<'_> {
    /// Leaves the last words to the harness, or fails the test if there is none.
    pub(crate) fn say(&self, home: &Home, complaints: Vec<Complaint>) {
        if complaints.is_empty() {
            return;
        }
        if home.is_in_bubble() {
            home.leave(complaints);
            return;
        }
        let denied = denied(&complaints);
        let is_panicking = thread::panicking();
        // What is missing may follow from the panic; a refused call may be the panic.
        let is_told = is_panicking && denied.iter().all(|complaint| complaint.fault == Fault::Unmet);
        if !denied.is_empty() && !is_told && self.is_out_of_sight {
            say_aloud(&report::out_of_sight(self.what, self.instead, &denied));
            os::fail_at_exit();
        }
        if !is_panicking {
            raise(&complaints);
        }
    }
}

/// Panics if something fails a test that no harness judges: a call that was never polled may be the loser of a `select!`.
#[track_caller]
pub(super) fn raise(complaints: &[Complaint]) {
    let denied = denied(complaints);
    assert!(denied.is_empty(), "{}", report::complaints(&denied));
}

/// What fails a test that no harness judges.
fn denied(complaints: &[Complaint]) -> Vec<&Complaint> {
    complaints.iter().filter(|complaint| complaint.fault.is_denied()).collect()
}
