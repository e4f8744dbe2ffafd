//! The bubble's clock: reading it, moving it, stopping it.
//!
//! All of it needs a bubble ([`async_test`](macro@crate::async_test) or [`run`](crate::run)) and panics elsewhere, but for [`real`].
//! Times are virtual unless the test runs on the real clock (`time = "real"`), where the clock can be read but not moved.
//!
//! # Exactness
//!
//! The clock jumps from deadline to deadline. Those of `tokio::time` lie on whole milliseconds, which is its resolution: a `sleep` of
//! 1.5 ms takes 2 ms, and sleeps of 0.1 ms and 0.9 ms end together, in the order in which they were started. Threads sleep to the nanosecond.
//!
//! # What reads it
//!
//! Where [`os::support`](crate::os::support()) is active, all of a test: std's and C's clocks on each of its threads, every wait of a thread, sockets inside
//! the process. The clock jumps when all threads are at rest. Elsewhere only `tokio::time`: then a job of `spawn_blocking` holds the
//! clock while it runs, but a thread of `std::thread` does not, nor does a socket whose other end is outside the runtime; [`outside`] does it for them.
//!
//! # tokio's own functions
//!
//! `tokio::time::pause`, `advance` and `resume` do what they do under `#[tokio::test]`. With `start_paused = true` a test is on tokio's paused
//! clock from the start, and only `tokio::time` is virtual, as it is where [`os::support`](crate::os::support()) is not active.

mod advance;
mod assert_elapsed;
mod freeze;
mod held_by;
mod jumps;
mod now;
mod outside;
mod real;
mod settle;
mod system;
mod timed;
mod units;

pub use crate::bubble::Holder;
pub use advance::advance;
pub(crate) use assert_elapsed::InWords;
pub use assert_elapsed::{ElapsedTime, check_elapsed};
pub use freeze::{Freeze, freeze};
pub use held_by::held_by;
pub use jumps::jumps;
pub use now::{elapsed, now};
pub use outside::{Outside, outside};
pub use real::real;
pub use settle::settle;
pub(crate) use system::TOO_LATE;
pub use system::{Step, set_system, step_system};
pub use timed::timed;
pub use units::Units;
