//! The attribute macros of the crate `standstill`, which documents and re-exports them.

mod async_test;

use proc_macro::TokenStream;

/// Runs an async test in a bubble, in virtual time, where `#[tokio::test]` stood.
///
/// Time stands still until everything in the test has come to rest, then it jumps to the next deadline. The body runs on
/// a fresh thread named after the test; it need not be `Send`, and `spawn_local` works in it. It may return whatever `#[test]`
/// takes; an error is printed with its sources.
///
/// # Examples
///
/// ```
/// use standstill::{assert_elapsed, prelude::*};
/// use tokio::time::{sleep, timeout};
///
/// #[async_test]
/// async fn a_slow_answer_times_out() {
///     let answer = timeout(5.secs(), sleep(1.hours())).await;
///
///     assert!(answer.is_err());
///     assert_elapsed!(5.secs());
/// }
///
/// #[async_test(timeout = "1h 30m", leaks = "deny")]
/// async fn it_is_done_in_time() -> Result<(), std::io::Error> {
///     sleep(1.hours()).await;
///     Ok(())
/// }
/// ```
///
/// # Options
///
/// Durations are strings such as `"250ms"`, `"5s"`, `"2m"`, `"1h 30m"`. What is not set comes from the environment variable,
/// which cargo's `[env]` table in `.cargo/config.toml` can set for a whole project, and then from the default.
///
/// | option | values | default | environment |
/// |---|---|---|---|
/// | `timeout` | the most time on the test's own clock: virtual, unless `time = "real"` | none | `STANDSTILL_TIMEOUT` |
/// | `wall_timeout` | the most real time; not under a debugger | `"60s"` | `STANDSTILL_WALL_TIMEOUT` |
/// | `leaks` | `"allow"`, `"warn"`, `"deny"`: tasks alive at the end | `"allow"` | `STANDSTILL_LEAKS` |
/// | `task_panics` | `"allow"`, `"warn"`, `"deny"`: panics in tasks | `"deny"` | `STANDSTILL_TASK_PANICS` |
/// | `stuck_after` | after how many jumps a body that nothing wakes is starved | `1_000_000` | `STANDSTILL_STUCK_AFTER` |
/// | `time` | `"virtual"`, `"real"` | `"virtual"` | |
/// | `standstill` | the path of this crate, if it is not `::standstill` | | |
///
/// And all that `#[tokio::test]` takes, so that a swap never breaks a build:
///
/// | option | here |
/// |---|---|
/// | `flavor` | `"current_thread"` (also called `"local"`), or `"multi_thread"`, which runs on tokio's real clock for now |
/// | `worker_threads` | as in tokio, with `flavor = "multi_thread"` |
/// | `start_paused` | accepted; in virtual time every test starts paused. With `true`, `time = "real"` is an error |
/// | `unhandled_panic` | `"ignore"` leaves it to `task_panics`; `"shutdown_runtime"` ends the test at the first panic of a task. Needs no unstable flag |
/// | `name` | tokio's name of the runtime |
/// | `crate` | accepted; this crate brings its own path to tokio |
///
/// # With other attributes
///
/// Those of rstest, test-case, test-log and googletest work as they do with `#[tokio::test]`, above this one or below it; insta
/// names its snapshots as it does there. Under a `#[rstest]` that stands above, this one must be written `#[standstill::test]`,
/// since rstest looks for a path that ends in `test`. `#[serial]` of `serial_test` goes below, so that the wait for its lock is no part
/// of the test. `#[ignore]`, `#[cfg]`, `#[should_panic]`, doc comments and lints work as on any test.
/// Under `#[should_panic]` only a panic of the body counts as one: a finding (a stuck test, a task's panic)
/// is printed, and the test fails.
#[proc_macro_attribute]
pub fn async_test(args: TokenStream, item: TokenStream) -> TokenStream {
    async_test::expand(args.into(), &item.into()).into()
}

/// The same as [`async_test`](macro@async_test), under the name that other test attributes look for.
///
/// # Examples
///
/// ```
/// #[standstill::test]
/// async fn an_hour_is_nothing() {
///     tokio::time::sleep(std::time::Duration::from_secs(3600)).await;
/// }
/// ```
#[proc_macro_attribute]
pub fn test(args: TokenStream, item: TokenStream) -> TokenStream {
    async_test::expand(args.into(), &item.into()).into()
}
