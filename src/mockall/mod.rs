//! Answers for mocks of the crate [mockall](https://docs.rs/mockall), so that mocks which exist already gain latency, sequences, and
//! calls that never end. Needs the feature `mockall`.
//!
//! A [`Script`] gives one boxed future for each call:
//!
//! ```
//! use standstill::{mockall::Script, prelude::*};
//!
//! #[mockall::automock]
//! trait Users {
//!     fn get(&self, id: u64) -> impl Future<Output = Result<String, String>> + Send;
//! }
//!
//! standstill::run(async || {
//!     let script = Script::sequence([Err("busy".to_owned()), Ok("Ada".to_owned())]).after_each([30.secs(), 1.secs()]);
//!     let mut users = MockUsers::new();
//!     let steps = script.clone();
//!     users.expect_get().times(2).returning(move |_| steps.next());
//!
//!     assert_eq!(users.get(7).await.unwrap_err(), "busy");
//!     assert_eq!(users.get(7).await.unwrap(), "Ada");
//!
//!     assert_elapsed!(31.secs());
//!     assert_eq!(script.used(), 2);
//! });
//! ```
//!
//! A step that was never used fails the test, unless the script [`may_end_early`](Script::may_end_early).
//!
//! # What mockall counts, and what its `returning` wants
//!
//! Two things hang together: where mockall counts a call, and what the closure in `returning` gives. Where mockall sees an `async fn`, the
//! closure runs when the call is first polled, and gives the plain output; there is no place for a delay, so a script does not fit, and
//! does not compile. Where it sees a function that gives a future, the closure runs when the call is made, and gives the boxed future.
//!
//! | the trait | the closure gives | a call that is dropped unpolled | a script fits |
//! |---|---|---|---|
//! | `#[automock]` above `#[async_trait]` | the output | counts 0 | no |
//! | `#[async_trait]` above `#[automock]` | the future | counts 1 | yes |
//! | `#[automock]` on a native `async fn` | the output | counts 0 | no |
//! | `#[automock]` on `fn .. -> impl Future<..> + Send` | the future | counts 1 | yes |
//! | `#[automock]` on `fn .. -> Pin<Box<dyn Future<..> + Send>>` | the future | counts 1 | yes |
//! | `mock!` with `#[async_trait]` on its `impl` | the output | counts 0 | no |
//! | `mock!` that gives a native `async fn` as `fn .. -> impl Future<..> + Send` | the future | counts 1 | yes |
//!
//! Without `Send`, as in `#[async_trait(?Send)]`, the rows are the same.
//!
//! The rows that count 1 let a test pass in which the code makes a call and forgets to await it: mockall takes it for a call like any other.
//! A script tells them apart, for a step is taken when the future is first polled: one that was never used fails the test, and
//! [`Script::used`] says how many were. Mockall's own documentation asks for `#[automock]`
//! above `#[async_trait]`; the other order works as well.
//!
//! ## `#[async_trait]` above `#[automock]`
//!
//! ```
//! use async_trait::async_trait;
//! use mockall::automock;
//! use standstill::{mockall::Script, prelude::*};
//!
//! #[async_trait]
//! #[automock]
//! trait Users {
//!     async fn name(&self, id: u64) -> String;
//! }
//!
//! standstill::run(async || {
//!     let script = Script::returns("Ada".to_owned()).after(2.secs());
//!     let mut users = MockUsers::new();
//!     let steps = script.clone();
//!     users.expect_name().times(2).returning(move |_| steps.next());
//!
//!     drop(users.name(7)); // Counts, for mockall.
//!     assert_eq!(users.name(7).await, "Ada");
//!
//!     assert_elapsed!(2.secs());
//!     assert_eq!(script.used(), 1);
//! });
//! ```
//!
//! ## `#[automock]` above `#[async_trait]`
//!
//! ```
//! use async_trait::async_trait;
//! use mockall::automock;
//!
//! #[automock]
//! #[async_trait]
//! trait Users {
//!     async fn name(&self, id: u64) -> String;
//! }
//!
//! standstill::run(async || {
//!     let mut users = MockUsers::new();
//!     users.expect_name().times(1).returning(|_| "Ada".to_owned());
//!
//!     drop(users.name(7)); // Does not count.
//!     assert_eq!(users.name(7).await, "Ada");
//! });
//! ```
//!
//! ## A native `async fn`
//!
//! `mock!` can give it as a function that gives a future; the trait stays as it is.
//!
//! ```
//! use mockall::mock;
//! use standstill::{mockall::Script, prelude::*};
//!
//! trait Users {
//!     async fn name(&self, id: u64) -> String;
//! }
//!
//! mock! {
//!     Users {}
//!     impl Users for Users {
//!         fn name(&self, id: u64) -> impl Future<Output = String> + Send;
//!     }
//! }
//!
//! standstill::run(async || {
//!     let script = Script::returns("Ada".to_owned()).after(2.secs());
//!     let mut users = MockUsers::new();
//!     users.expect_name().returning(move |_| script.next());
//!
//!     assert_eq!(users.name(7).await, "Ada");
//!     assert_elapsed!(2.secs());
//! });
//! ```
//!
//! [`async_mock`](macro@crate::async_mock) needs none of this: every answer can have latency, and a call that was never polled is told from one
//! that was.
//!
//! # Answers that depend on the arguments
//!
//! A script does not see the arguments. One that gives `()` keeps the time, and the closure makes the answer:
//!
//! ```
//! # use standstill::{mockall::Script, prelude::*};
//! # #[mockall::automock]
//! # trait Users {
//! #     fn name(&self, id: u64) -> impl Future<Output = String> + Send;
//! # }
//! # standstill::run(async || {
//! let pace = Script::returns(()).after_each([3.secs(), 1.secs()]).then_repeat_last();
//! let mut users = MockUsers::new();
//! users.expect_name().returning(move |id| {
//!     let step = pace.next();
//!     Box::pin(async move {
//!         step.await;
//!         format!("user {id}")
//!     })
//! });
//!
//! assert_eq!(users.name(7).await, "user 7");
//! assert_eq!(users.name(8).await, "user 8");
//! assert_elapsed!(4.secs());
//! # });
//! ```

mod report;
mod script;

pub use script::Script;
