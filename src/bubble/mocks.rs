use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Mutex, Weak};

use super::lock;

/// A mock, as the bubble sees it.
pub(crate) trait Mocked: Send + Sync {
    /// Shows a call: `Users::get(id: 7)`.
    fn describe(&self, call: u32) -> String;

    /// Says what is not as expected, as far as it has not been said.
    fn verify(&self) -> Vec<Complaint>;

    /// Says which calls wait for an answer that only the test can give.
    fn owed(&self) -> Vec<String>;

    /// Says for which call of it the test waits, if it does.
    fn awaited(&self) -> Option<String>;

    /// Says which copy of an argument may keep a channel open.
    fn sender(&self) -> Option<String> {
        None
    }
}

/// Something that a mock holds against the test.
#[derive(Clone, Debug)]
pub(crate) struct Complaint {
    pub(crate) fault: Fault,
    pub(crate) headline: String,
    /// What there is to say beyond, in lines.
    pub(crate) note: String,
}

impl Complaint {
    /// All of it, as a panic says it.
    pub(crate) fn text(&self) -> String {
        if self.note.is_empty() { self.headline.clone() } else { format!("{}\n{}", self.headline, self.note) }
    }

    /// Writes the note below the headline, without the sections that stand above already: several complaints of a mock list the same calls.
    pub(crate) fn write_note(&self, text: &mut String) {
        let mut sections = self.note.trim_end().split("\n\n");
        for line in sections.next().into_iter().flat_map(str::lines) {
            writeln!(text, "{line}").unwrap();
        }
        for section in sections.filter(|section| !text.contains(&format!("\n\n{section}\n\n"))).collect::<Vec<_>>() {
            writeln!(text, "\n{section}").unwrap();
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// A call came that must not come.
    Violated,
    /// Something that was expected did not come.
    Unmet,
    /// A call was dropped and had never been polled.
    NeverPolled,
    /// A call waits for the test to answer it by hand.
    Untaken,
}

impl Fault {
    /// Whether it fails a test that says nothing of it.
    pub(crate) fn is_denied(self) -> bool {
        matches!(self, Self::Violated | Self::Unmet)
    }
}

/// The mocks of a bubble.
#[derive(Default)]
pub(crate) struct Mocks {
    alive: Mutex<Vec<(u32, Weak<dyn Mocked>)>>,
    /// What those said that are gone, by the mock's number.
    said: Mutex<BTreeMap<u32, Vec<Complaint>>>,
}

impl Mocks {
    pub(crate) fn enter(&self, number: u32, mock: Weak<dyn Mocked>) {
        lock(&self.alive).push((number, mock));
    }

    /// Takes the last words of a mock.
    pub(crate) fn leave(&self, number: u32, complaints: Vec<Complaint>) {
        lock(&self.said).entry(number).or_default().extend(complaints);
    }

    /// Asks those that are alive; asked again, they say what is new.
    pub(crate) fn ask(&self) {
        let alive = lock(&self.alive).clone();
        for (number, mock) in alive {
            if let Some(mock) = mock.upgrade() {
                self.leave(number, mock.verify());
            }
        }
    }

    /// Asks those that are alive which calls wait for the test.
    pub(crate) fn owed(&self) -> Vec<String> {
        let alive = lock(&self.alive).clone();
        alive.iter().filter_map(|(_, mock)| mock.upgrade()).flat_map(|mock| mock.owed()).collect()
    }

    /// Asks those that are alive for which calls the test waits.
    pub(crate) fn awaited(&self) -> Vec<String> {
        let alive = lock(&self.alive).clone();
        alive.iter().filter_map(|(_, mock)| mock.upgrade()?.awaited()).collect()
    }

    /// Asks those that are alive for copies of arguments that may keep a channel open.
    pub(crate) fn senders(&self) -> Vec<String> {
        let alive = lock(&self.alive).clone();
        alive.iter().filter_map(|(_, mock)| mock.upgrade()?.sender()).collect()
    }

    /// Takes what all said, in the order in which the mocks came.
    pub(crate) fn take(&self) -> Vec<Complaint> {
        std::mem::take(&mut *lock(&self.said)).into_values().flatten().collect()
    }
}
