//! All text that a failing test prints, and no decision.

mod cut;
mod headline;
mod note;
mod runs;
mod threads;
mod verdict;
mod waits;

pub(super) use headline::headline;
pub(super) use runs::{progress, runs};
pub(super) use verdict::{lost, overdue, verdict};
