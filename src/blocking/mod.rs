//! Finds calls that block the thread inside a poll, by what they are: the call to libc is seen, and your line is named.
//!
//! A task that blocks its thread keeps every other task of that thread waiting. Under [`#[async_test]`](crate::async_test) such calls
//! are findings: a sleep, a socket, the resolver, a child process or a thread's end fails the test; a file, a lock that is taken and a
//! poll that computes for long warn. See [`Category`] for what each takes in, [`Policy`] for how to change that, and
//! [`Detector`] for tests under `#[tokio::test]`.
//!
//! Nothing is found in `spawn_blocking`, `block_in_place` and on threads of their own: there a call may block, and so may what
//! `Handle::block_on` polls in such a job; a runtime that is built there has tasks of its own, and what blocks those is found.
//! `task::unconstrained` hides what it holds. Calls that do not go through libc, such as those of `rustix`, are seen on the threads of a test only, on
//! `x86_64` from Linux 5.11 on. Never seen are files
//! under `/proc`, `/sys`, `/dev` and `/run`, which no disk stands behind, those that tell the time zone (`/etc/localtime` and the folder `zoneinfo`), which libc
//! reads in `localtime` and chrono in `Local::now`, nor `epoll_wait`, which is how a runtime waits.
//!
//! A code base that turns this on late has its known findings in a file, `blocking-baseline.txt` beside its `Cargo.toml` (or where
//! `STANDSTILL_BASELINE` says): they pass, new ones do not. `STANDSTILL=overwrite cargo test` adds to it what is new, and takes nothing
//! away; a line stands for all such calls of that function. To see which are mended, delete the file and write it anew.
//!
//! A poll that computes is found by a watchdog that looks at the threads of a bubble, or of a watched runtime, now and then: one that has had more CPU time than
//! `poll_budget` (100 ms) in one poll. It goes by the thread's own CPU time, so that a loaded machine makes no difference. Of the stalled
//! thread a signal (`SIGURG`) asks where it is; with the feature `hot-line` the report names the line that was seen most. Tasks of
//! `tokio::spawn`, and all polls under a [`Detector`], need twice the budget to be found, for nobody counts them.
//!
//! What a program does once only (`LazyLock`, `OnceLock`) may read files, wait and compute, though `OnceLock::wait` is a wait like any other; the locks inside a library are its own affair, and so is its look whether a
//! file is there (`stat`, `access`). While a thread panics nothing of it is found, not even in what it drops.

use std::time::Duration;

mod around;
mod baseline;
mod callee;
mod category;
mod detector;
#[cfg(seam)]
mod dog;
#[cfg(seam)]
mod ear;
mod finding;
mod fine;
mod line;
#[cfg(seam)]
mod met;
mod names;
#[cfg(seam)]
mod owner;
mod policy;
#[cfg(seam)]
mod polling;
mod report;
mod scope;
mod seeker;
mod site;
mod stack;
#[cfg(seam)]
mod stall;
mod support;

pub(crate) use baseline::check_mode;
pub use category::Category;
pub use detector::{Detector, Watch};
#[cfg(seam)]
pub(crate) use ear::{Overhearing, open};
pub use finding::Finding;
pub(crate) use finding::Findings;
pub(crate) use names::spoken;
pub use policy::Policy;
pub(crate) use report::{UNUSED_RULE_ADVICE, unused_rule};
pub use scope::{BlockingExt, Scoped, allow_blocking, deny_blocking};
pub(crate) use seeker::Seeker;
pub use support::{noted, support};
#[cfg(seam)]
pub(crate) use {owner::Owner, stall::Stalls};

/// How much CPU time a poll may take, unless told.
pub(crate) const POLL_BUDGET: Duration = Duration::from_millis(100);
