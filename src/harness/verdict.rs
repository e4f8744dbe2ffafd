use std::any::Any;
use std::time::Duration;

use super::Level;
use super::finding::Finding;

/// The body's result together with the findings.
pub(super) struct Verdict<T> {
    pub(super) outcome: Outcome<T>,
    pub(super) findings: Vec<Finding>,
    /// When the body ended, on its own clock.
    pub(super) at: Duration,
}

pub(super) enum Outcome<T> {
    Finished(T),
    Panicked(Box<dyn Any + Send>),
    /// It never ended; the first finding says why.
    Cut,
}

impl<T> Verdict<T> {
    /// The findings that fail the test.
    pub(super) fn denied(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.level == Level::Deny)
    }
}
