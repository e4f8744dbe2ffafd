//! Floor 1: the state of one test. Its clock, its log, its tasks.

mod awaits;
mod by_type;
mod current;
mod engine;
mod event;
mod holds;
mod log;
mod mocks;
mod nanos;
mod panics;
mod portable;
mod real;
mod root;
mod seconds;
mod state;
mod tasks;
mod turns;
mod wheel;

pub(crate) use awaits::{Chain, trace};
pub(crate) use by_type::ByType;
pub(crate) use current::{Entered, current, expect_current, expect_virtual};
pub(crate) use engine::Engine;
pub(crate) use event::{Did, Event, How};
pub(crate) use holds::Hold;
pub(crate) use log::Log;
pub(crate) use mocks::{Complaint, Fault, Mocked};
pub(crate) use nanos::Nanos;
pub(crate) use panics::{Expected, TaskPanic, watch as watch_panics};
pub(crate) use portable::{HORIZON, Portable};
pub(crate) use real::Real;
pub(crate) use root::{Cut, Root};
pub(crate) use seconds::Seconds;
pub(crate) use state::{Bubble, Clock};
pub(crate) use tasks::Card;

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks; a panic elsewhere leaves nothing half-written in this crate's state, so poison is no concern.
pub(crate) fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
