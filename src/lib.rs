//! Virtual time for tests of async Rust on tokio.
//!
//! Put [`#[async_test]`](macro@async_test) where `#[tokio::test]` stood. Time stands still until everything has come to rest; then it
//! jumps to the next thing that is due. A test that sleeps an hour passes in a millisecond, and gives the same answer on
//! every machine.
//!
//! ```
//! use standstill::{assert_elapsed, clock, prelude::*};
//! use tokio::time::{sleep, timeout};
//!
//! # standstill::run(async || {
//! let slow = async {
//!     sleep(1.hours()).await;
//!     "done"
//! };
//!
//! assert!(timeout(5.secs(), slow).await.is_err());
//! assert_elapsed!(5.secs());
//! # });
//! ```
//!
//! - [`async_test`](macro@async_test), [`run`] and [`Builder`] run a body in a *bubble*: a world with its own clock.
//! - [`clock`] reads, moves and stops that clock; [`assert_elapsed!`] asserts on it.
//! - [`task`] has asyncio's [`gather`](task::gather()) and [`wait`](task::wait()), and tasks with names.
//! - [`mock`] has mocks of functions and traits, whose calls know when they were polled and how they ended.
//!   With the feature `mockall`, the module `mockall` gives their answers to mockall's own mocks.
//! - With the feature `http`, the module `http` says when requests came to a server.
//! - [`blocking`] finds calls that block the thread inside a poll, and names their lines.
//! - [`probe`] measures rates.
//! - [`os`] says whether all of a test is in virtual time here: std's clocks, threads and sockets too.
//!
//! A test fails, at once and with its reason, when nothing can wake it any more, when a task panics that nobody joins, or when
//! it runs into one of its limits. What can be held against a test is a *finding*, with a [`Level`].

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

pub mod blocking;
mod bubble;
pub mod clock;
mod harness;
#[cfg(feature = "http")]
pub mod http;
pub mod mock;
#[cfg(feature = "mockall")]
pub mod mockall;
pub mod os;
pub mod prelude;
pub mod probe;
pub mod task;

pub use harness::{Builder, Failure, Flavor, Kind, Level, Random, Time, UnhandledPanic, run};
pub use standstill_macros::{async_mock, async_test, mock_fn, patch, patchable, test};

#[doc(hidden)]
pub mod __private {
    pub use crate::harness::{
        Identity, Output, Runs, ViaAsRef, ViaAsRefSync, ViaDebug, ViaError, ViaTermination, test,
    };
    pub use crate::mock::made as mock;
    pub use std::time::Duration;
    pub use tokio;
}
