//! A test that runs more than once, each time in a process of its own.

mod child;
mod difference;
mod fault;
mod options;
mod parent;
mod process;
mod progress;

pub(super) use child::Child;
pub(super) use difference::Difference;
pub(super) use fault::{Fault, What};
pub(super) use parent::run;

pub use options::Runs;
