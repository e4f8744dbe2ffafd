//! Tasks with names, and asyncio's ways to wait for several of them.
//!
//! [`gather`] and [`wait`] keep the semantics of Python's `asyncio.gather` and `asyncio.wait`, for test bodies. Children are
//! spawned on the test's own thread: they must be `'static`, and need not be `Send`. Each child is a future, or a [`Task`]
//! that runs already. All of it needs a bubble of the `current_thread` flavor and panics elsewhere.
//!
//! | | results | the first error | siblings then | a panic in a child | if dropped |
//! |---|---|---|---|---|---|
//! | [`gather`], [`gather!`](crate::gather) | in argument order | returned at once, by time of completion | run on | goes on in the caller | children are cancelled |
//! | `gather(..).settled()` | in argument order, as `Result`s | is a value | run on, and are waited for | is a value | children are cancelled |
//! | [`wait`] | two lists of tasks, done and pending | as [`ReturnWhen`] says | run on | is the task's output | tasks run on |
//! | [`as_completed`] | tasks, in order of completion | is the task's output | run on | is the task's output | tasks run on |
//! | `tokio::join!` | a tuple | is a value | run on, and are waited for | goes on in the caller | futures are dropped |
//! | `tokio::try_join!` | a tuple | returned at once, by order of polls | are dropped | goes on in the caller | futures are dropped |
//! | `futures::join_all` | in argument order | is a value | run on, and are waited for | goes on in the caller | futures are dropped |
//! | `tokio::task::JoinSet` | in order of completion | is a value | run on | is a value (`JoinError`) | tasks are cancelled |
//!
//! A panic in a child is a finding of the test as in any task, unless `settled` gave it as a value; see [`expect_panics`].

mod as_completed;
mod children;
mod expect_panics;
mod gather;
mod gather_macro;
mod handle;
mod into_task;
mod outcome;
mod spawn;
mod wait;
mod watched;

pub use as_completed::{AsCompleted, as_completed};
pub use expect_panics::expect_panics;
pub use gather::{Gather, GatherError, Settled, gather};
pub use gather_macro::{GatherTuple, SettledTuple, Tuple};
pub use handle::{Join, Task};
pub use into_task::IntoTask;
pub use outcome::Outcome;
pub use spawn::{background, spawn};
pub use wait::{NothingToWaitFor, ReturnWhen, Wait, wait};
