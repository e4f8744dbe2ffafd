use std::any::Any;
use std::time::Duration;

use super::Level;
use super::finding::Finding;
use super::root::Ended;

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

impl<T> From<Ended<T>> for Outcome<T> {
    fn from(ended: Ended<T>) -> Self {
        match ended {
            Ended::Finished(output) => Self::Finished(output),
            Ended::Panicked(payload) => Self::Panicked(payload),
            Ended::Cut(_) => Self::Cut,
        }
    }
}

impl<T> Verdict<T> {
    /// The findings that fail the test.
    pub(super) fn denied(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.level == Level::Deny)
    }
}
