use std::any::Any;
use std::fmt;
use std::panic::resume_unwind;
use std::sync::{Mutex, PoisonError};

use super::finding::{Finding, What};
use super::report;
use super::verdict::{Outcome, Verdict};
use crate::bubble::{Cut, say};

/// Why a run failed, as [`Builder::try_run`](crate::Builder::try_run) gives it.
///
/// Its `Display` is the report that a failing test prints.
pub struct Failure {
    kind: Kind,
    report: String,
    /// Locked, so that a failure can be shared between threads, as `Box<dyn Error + Send + Sync>` demands.
    payload: Mutex<Option<Box<dyn Any + Send>>>,
}

/// Tells failures apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// The body panicked.
    Panic,
    /// Nothing could wake the body any more.
    Stuck,
    /// The clock went on and on, but nothing woke the body.
    Starved,
    /// The limit on the test's own clock was reached.
    VirtualLimit,
    /// The limit on real time was reached.
    WallLimit,
    /// A poll without a wake-up let the body go on.
    LostWakeUp,
    /// A task panicked.
    TaskPanic,
    /// Panics that the test announced did not come.
    MissingPanics,
    /// Tasks were alive at the end.
    Leak,
    /// A mock saw a call that it must not see, or did not see what it expected. A call that fails the body itself is a [`Kind::Panic`].
    Mock,
    /// A call blocked the thread inside a poll, or a rule that allows such calls met none, or the file of known ones could not be used.
    Blocking,
}

impl Failure {
    /// Tells what kind of failure it is; of several, the one that the report begins with.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The output if there is nothing to fail for.
    pub(super) fn or_output<T>(verdict: Verdict<T>) -> Result<T, Self> {
        let kind = match &verdict.outcome {
            Outcome::Panicked(_) => Some(Kind::Panic),
            _ => verdict.denied().next().map(Finding::kind),
        };
        let report = report::verdict(&verdict, None, None);
        match (kind, verdict.outcome) {
            (None, Outcome::Finished(output)) => Ok(output),
            (kind, Outcome::Panicked(payload)) => {
                Err(Self { kind: kind.unwrap_or(Kind::Panic), report, payload: Mutex::new(Some(payload)) })
            }
            (Some(kind), _) => Err(Self { kind, report, payload: Mutex::default() }),
            (None, Outcome::Cut) => unreachable!("what cuts a test short is among its findings"),
        }
    }

    /// Prints the report and panics: with the body's own payload, or else with the report's first line.
    pub(super) fn raise(self) -> ! {
        say(&self.report);
        let payload = self.payload.into_inner().unwrap_or_else(PoisonError::into_inner);
        resume_unwind(payload.unwrap_or_else(|| Box::new(first_line(&self.report))))
    }
}

impl Finding {
    fn kind(&self) -> Kind {
        match &self.what {
            What::Cut(Cut::Stuck, _) => Kind::Stuck,
            What::Cut(Cut::Starved, _) => Kind::Starved,
            What::Cut(Cut::VirtualLimit, _) => Kind::VirtualLimit,
            What::Cut(Cut::WallLimit, _) => Kind::WallLimit,
            What::Cut(Cut::TaskPanic, _) | What::TaskPanic(_) => Kind::TaskPanic,
            What::LostWakeUp => Kind::LostWakeUp,
            What::MissingPanics { .. } => Kind::MissingPanics,
            What::Leak { .. } => Kind::Leak,
            What::Mock(_) => Kind::Mock,
            What::Blocking(_) | What::UnusedRule(_) | What::Baseline(_) => Kind::Blocking,
            What::DropPanic(_) => Kind::Panic,
            #[cfg(seam)]
            What::SharedThread(_) | What::TimerElsewhere(_) => unreachable!("it fails no test"),
        }
    }
}

/// What a panic said, if it said it in words.
pub(super) fn text(payload: &(dyn Any + Send)) -> String {
    let words = payload.downcast_ref::<String>().map(String::as_str);
    let words = words.or_else(|| payload.downcast_ref::<&str>().copied());
    words.unwrap_or("a payload that is not text").trim_end().to_owned()
}

pub(super) fn first_line(report: &str) -> String {
    report.lines().next().unwrap_or_default().to_owned()
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.report)
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Failure").field("kind", &self.kind).field("report", &self.report).finish_non_exhaustive()
    }
}

impl std::error::Error for Failure {}
