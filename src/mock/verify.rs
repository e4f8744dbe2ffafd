use std::backtrace::Backtrace;
use std::panic::Location;
use std::sync::Arc;

use super::form::Form;
use super::kept_args::KeptArgs;
use super::parting::Parting;
use super::record::Record;
use super::report::{self, Lack};
use super::shown::shown_in_brief;
use super::state::{Shared, State};
use super::typed::Untyped;
use super::whence::{Whence, nearest};
use crate::bubble::{Complaint, Fault, Mocked, lock};

/// A rule that lacks something.
struct Unmet {
    lack: Lack,
    expects: String,
    place: &'static Location<'static>,
    hidden_by: Option<&'static Location<'static>>,
}

/// What a mock holds against the test, before it is put into words.
struct Found {
    violations: Vec<String>,
    unmet: Vec<Unmet>,
    never_polled: Option<Unpolled>,
    untaken: Option<Untaken>,
}

/// Calls that wait for the test, which did not ask for them.
struct Untaken {
    /// Where the first of them was made.
    place: &'static Location<'static>,
    count: usize,
}

/// Calls that were not polled.
struct Unpolled {
    fault: Fault,
    /// Where the first of them was made.
    place: &'static Location<'static>,
    /// How many of them are alive.
    held: usize,
    /// What dropped the first of them, if that is to be told.
    dropped: Option<Arc<Backtrace>>,
}

impl Found {
    fn is_empty(&self) -> bool {
        self.violations.is_empty() && self.unmet.is_empty() && self.never_polled.is_none() && self.untaken.is_none()
    }
}

impl State {
    /// Gives calls and rules away.
    fn turn_over(&mut self) -> Box<dyn Untyped> {
        self.gone_rules += std::mem::take(&mut self.terms).len();
        self.book.turn_over();
        self.typed.turn_over()
    }

    /// Finds what has come that must not come, or else what has not come, which a refused call may have been meant to be; and the calls
    /// that came to nothing.
    fn find(&mut self, form: &Form) -> Found {
        let mut found = self.find_violations();
        if found.violations.is_empty() {
            found.unmet = (0..self.terms.len()).filter_map(|rule| self.unmet(rule, form)).collect();
        }
        found.never_polled = self.find_unpolled(None);
        found
    }

    fn unmet(&self, rule: usize, form: &Form) -> Option<Unmet> {
        let terms = &self.terms[rule];
        Some(Unmet {
            lack: terms.lack()?,
            expects: self.expects(rule, form),
            place: terms.place,
            hidden_by: terms.hidden_by.filter(|_| terms.is_waiting()),
        })
    }

    /// Finds the calls that were dropped unpolled, and those that are held so.
    fn find_unpolled(&self, held: Option<(u32, usize)>) -> Option<Unpolled> {
        let first = self.book.first_never_polled().into_iter().chain(held.map(|(first, _)| first)).min()?;
        let fault = if self.must_be_polled { Fault::Violated } else { Fault::NeverPolled };
        let dropped = self.book.dropped.as_ref().filter(|(call, _)| *call == first);
        Some(Unpolled {
            fault,
            place: self.book.place(first)?,
            held: held.map_or(0, |(_, count)| count),
            dropped: dropped.map(|(_, stack)| Arc::clone(stack)),
        })
    }

    fn find_violations(&mut self) -> Found {
        Found { violations: std::mem::take(&mut self.violations), unmet: Vec::new(), never_polled: None, untaken: None }
    }

    /// As `find`, at the end of the test, when nobody will poll what is held; asked again, it finds what is new.
    fn find_at_end(&mut self, form: &Form) -> Found {
        if std::mem::replace(&mut self.is_verified, true) {
            return self.find_violations();
        }
        let never_polled = self.find_unpolled(self.book.held_unpolled());
        Found { never_polled, untaken: self.find_untaken(), ..self.find(form) }
    }

    fn find_untaken(&self) -> Option<Untaken> {
        let mut waiting = self.hands.iter().filter(|hand| !hand.is_caller_gone()).map(|hand| hand.number());
        let place = self.book.place(waiting.next()?)?;
        Some(Untaken { place, count: 1 + waiting.count() })
    }
}

impl Shared {
    /// Puts into words what is found; the calls are those of the same moment. What is taken then is dropped without the lock: arguments and
    /// answers may ask the mock once more.
    fn complaints<T>(
        &self,
        find: impl FnOnce(&mut State, &Form) -> Found,
        then: impl FnOnce(&mut State) -> T,
    ) -> Vec<Complaint> {
        let (found, calls, _gone) = {
            let mut state = self.state();
            let found = find(&mut state, &self.form);
            let calls = (!found.is_empty()).then(|| self.read(&mut state));
            let gone = then(&mut state);
            (found, calls, gone)
        };
        let Some(calls) = calls else { return Vec::new() };
        let calls = self.named(calls);
        let violated = found.violations.into_iter().map(|text| {
            let (headline, note) = text.split_once('\n').unwrap_or((&text, ""));
            Complaint { fault: Fault::Violated, headline: headline.to_owned(), note: note.to_owned() }
        });
        let unmet = found.unmet.into_iter().map(|rule| {
            let headline = report::unmet(self.name, &rule.expects, &rule.lack);
            let note = report::unmet_note(&rule.expects, &rule.lack, rule.place, rule.hidden_by, &calls);
            Complaint { fault: Fault::Unmet, headline, note }
        });
        let never_polled = found.never_polled.map(|Unpolled { fault, place, held, dropped }| {
            let is_unpolled =
                |call: &&Record| call.history.is_never_polled() || held > 0 && call.history.is_held_unpolled();
            let unpolled: Vec<_> = calls.iter().filter(is_unpolled).collect();
            let made = Whence::of(&self.form, place);
            let dropped = dropped.and_then(|stack| nearest(&stack, place));
            let headline = report::never_polled(self.name, unpolled.len(), held, &made, dropped.as_deref());
            Complaint { fault, headline, note: report::never_polled_note(unpolled[0], &calls) }
        });
        let untaken = found.untaken.map(|Untaken { place, count }| Complaint {
            fault: Fault::Untaken,
            headline: report::untaken(self.name, count, &Whence::of(&self.form, place)),
            note: report::calls(&calls),
        });
        violated.chain(unmet).chain(never_polled).chain(untaken).collect()
    }

    /// Shows a call: `Users::get(id: 7)`.
    pub(super) fn shown(&self, kept: Option<&dyn KeptArgs>) -> String {
        let args = kept.map(|kept| shown_in_brief(&self.form, kept));
        format!("{}({})", self.name, args.as_deref().unwrap_or(".."))
    }

    /// Verifies as at the end of the test, and lets go of the calls and the rules. What fails no test is left to the harness.
    pub(super) fn close(&self) -> Vec<Complaint> {
        let complaints = self.complaints(State::find, State::turn_over);
        let (denied, warned) = complaints.into_iter().partition(|complaint| complaint.fault.is_denied());
        self.home().leave(warned);
        denied
    }
}

impl Mocked for Shared {
    fn describe(&self, call: u32) -> String {
        // Shown without the mock's lock: a `Debug` may ask the mock.
        let kept = self.state().share(call);
        match kept {
            Some(kept) => self.shown(Some(&*lock(&kept))),
            None => self.shown(None),
        }
    }

    fn verify(&self) -> Vec<Complaint> {
        self.complaints(State::find_at_end, |_| {})
    }

    fn owed(&self) -> Vec<String> {
        self.owed()
    }

    fn awaited(&self) -> Option<String> {
        self.awaited()
    }

    fn sender(&self) -> Option<String> {
        self.sender()
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        let complaints = self.verify();
        if !complaints.is_empty() {
            let parting = Parting {
                what: &format!("the mock {}", self.name),
                instead: "keep a clone of the mock in the test, and call `checkpoint()` of it there",
                is_out_of_sight: self.is_out_of_sight(),
            };
            parting.say(self.home(), complaints);
        }
    }
}
