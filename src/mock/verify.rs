use std::cell::LazyCell;
use std::thread;

use super::report;
use super::shown::shown;
use super::signature::Signature;
use super::state::Shared;
use crate::bubble::{Complaint, Fault, Mocked, lock};

impl<S: Signature> Shared<S> {
    /// What has come that must not come, since this was last asked.
    pub(super) fn violations(&self) -> Vec<Complaint> {
        let violations = std::mem::take(&mut lock(&self.state).violations);
        let complaint = |text: String| {
            let (headline, note) = text.split_once('\n').unwrap_or((&text, ""));
            Complaint { fault: Fault::Violated, headline: headline.to_owned(), note: note.to_owned() }
        };
        violations.into_iter().map(complaint).collect()
    }

    /// What has not come, and the calls that came to nothing.
    pub(super) fn lacks(&self) -> Vec<Complaint> {
        // Most mocks are content, so what only a report needs is gathered when one is written.
        let calls = LazyCell::new(|| self.calls());
        let mut complaints = Vec::new();
        let state = lock(&self.state);
        let unmet: Vec<_> = state.rules.iter().filter_map(|rule| Some((rule.unmet(self.name)?, rule.place))).collect();
        let (first, must_be_polled) = (state.first, state.must_be_polled);
        drop(state);
        for (headline, place) in unmet {
            complaints.push(Complaint { fault: Fault::Unmet, headline, note: report::unmet_note(place, &calls) });
        }
        if self.home().has_vanished(first) {
            let unpolled: Vec<_> = calls.iter().filter(|call| call.is_never_polled()).collect();
            let fault = if must_be_polled { Fault::Violated } else { Fault::NeverPolled };
            let headline = report::never_polled(self.name, unpolled.len());
            complaints.push(Complaint { fault, headline, note: report::never_polled_note(unpolled[0], &calls) });
        }
        complaints
    }
}

impl<S: Signature> Mocked for Shared<S> {
    fn describe(&self, call: u32) -> String {
        let state = lock(&self.state);
        let record = state.record_of(call);
        let args = record.and_then(|record| record.kept.look(shown::<S>));
        format!("{}({})", self.name, args.as_deref().unwrap_or(".."))
    }

    fn verify(&self) -> Vec<Complaint> {
        let is_verified = std::mem::replace(&mut lock(&self.state).is_verified, true);
        let mut complaints = self.violations();
        if !is_verified {
            complaints.extend(self.lacks());
        }
        complaints
    }
}

impl<S: Signature> Drop for Shared<S> {
    fn drop(&mut self) {
        let Some(home) = self.home.get() else { return };
        let complaints = self.verify();
        if home.is_in_bubble() {
            home.leave(complaints);
        } else if !thread::panicking() {
            raise(&complaints);
        }
    }
}

/// Panics if something fails a test that no harness judges: a call that was never polled may be the loser of a `select!`.
#[track_caller]
pub(super) fn raise(complaints: &[Complaint]) {
    let denied: Vec<_> = complaints.iter().filter(|complaint| complaint.fault != Fault::NeverPolled).collect();
    assert!(denied.is_empty(), "{}", report::complaints(&denied));
}
