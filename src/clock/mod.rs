//! The bubble's clock: reading it, moving it, stopping it.
//!
//! All of it needs a bubble ([`async_test`](macro@crate::async_test) or [`run`](crate::run)) and panics elsewhere.
//! Times are virtual unless the test runs on the real clock (`time = "real"` or `flavor = "multi_thread"`), where the
//! clock can be read but not moved.
//!
//! # Exactness
//!
//! The clock jumps to the next deadline of tokio's timer wheel, whose resolution is a millisecond: a `sleep` of 1.5 ms takes
//! 2 ms, and sleeps of 0.1 ms and 0.9 ms end together, in the order in which they were started. Whole milliseconds are exact.
//!
//! # tokio's own functions
//!
//! `sleep`, `sleep_until`, `timeout`, `interval`, `tokio_util`'s `DelayQueue` and `tokio::time::advance` work as they do
//! under a paused clock. The clock *is* paused from the start, so `tokio::time::pause` panics ("time is already frozen").
//! `tokio::time::resume` lets tokio's clock run on real time from then on, which this crate cannot follow: leave it out,
//! or set `time = "real"`.
//!
//! # Threads and sockets
//!
//! A job of `spawn_blocking` holds the clock while it runs. A thread of `std::thread` does not, nor does a socket whose other end
//! is outside this runtime (a server on another thread or in another process): hold the clock for them by [`outside`].
//! Loopback sockets between tasks of the test need nothing.

mod advance;
mod assert_elapsed;
mod freeze;
mod jumps;
mod now;
mod outside;
mod settle;
mod timed;
mod units;

pub use advance::advance;
pub(crate) use assert_elapsed::InWords;
pub use assert_elapsed::{ElapsedTime, check_elapsed};
pub use freeze::{Freeze, freeze};
pub use jumps::jumps;
pub use now::{elapsed, now};
pub use outside::{Outside, outside};
pub use settle::settle;
pub use timed::timed;
pub use units::Units;
