//! Floor 1: the state of one test. Its clock, its log, its tasks.

mod awaits;
mod blocked;
mod by_type;
mod current;
mod engine;
mod event;
mod holder;
mod holds;
mod http_did;
mod log;
mod manifest;
mod mocks;
mod nanos;
mod panics;
mod place;
mod portable;
mod real;
mod root;
mod say;
mod seconds;
mod several;
mod stack;
mod state;
mod symbol;
mod tasks;
mod thread_wait;
mod turns;
mod wheel;
#[cfg(seam)]
mod world;

pub(crate) use awaits::{Chain, trace};
pub(crate) use blocked::{Blocked, BlockedCall, Stack};
pub(crate) use by_type::ByType;
#[cfg(seam)]
use current::is_any_apart;
pub(crate) use current::{
    Entered, ask_here, current, does_another_go_on, expect_current, expect_virtual, expect_whole, is_root, may_be_woken,
};
pub(crate) use engine::Engine;
pub(crate) use event::{Did, Event, How};
pub use holder::Holder;
pub(crate) use holds::Hold;
pub(crate) use http_did::HttpDid;
pub(crate) use log::Log;
pub(crate) use mocks::{Complaint, Fault, Mocked};
pub(crate) use nanos::Nanos;
pub(crate) use panics::{Expected, TaskPanic, watch as watch_panics};
pub(crate) use place::is_stds;
pub(crate) use portable::{HORIZON, Portable};
pub(crate) use real::Real;
pub(crate) use root::{Cut, Root};
pub(crate) use say::{say, say_aloud};
pub(crate) use seconds::Seconds;
pub(crate) use several::several;
pub(crate) use stack::{Frame, calls, is_in_derive, is_users, write_frames};
pub(crate) use state::{Bubble, Clock};
pub(crate) use symbol::{begins_a_poll, crate_of, of_socket, path, plain};
pub(crate) use tasks::Card;
pub(crate) use thread_wait::ThreadWait;
#[cfg(seam)]
pub(crate) use world::{Running, Virtual, does_a_stranger_run};

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks; a panic elsewhere leaves nothing half-written in this crate's state, so poison is no concern.
pub(crate) fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    crate::os::inside(|| mutex.lock()).unwrap_or_else(PoisonError::into_inner)
}
