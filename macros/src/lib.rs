//! The attribute macros of the crate `standstill`, which documents and re-exports them.

mod async_mock;
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
/// | `never_polled` | `"allow"`, `"warn"`, `"deny"`: calls of mocks that were dropped unpolled | `"warn"` | `STANDSTILL_NEVER_POLLED` |
/// | `blocking` | `"allow"`, `"warn"`, `"deny"`: calls that block the thread inside a poll; or by category, `blocking(files = "deny", locks = "allow")`, or for functions, `blocking(allow_in = ["shop::legacy", "shop::report"])`: see `standstill::blocking`. Where calls cannot be found, to deny one is an error, and the rest is off | `"deny"`, but `"warn"` for files, locks and cpu | `STANDSTILL_BLOCKING`, such as `deny` or `files=deny,locks=allow` |
/// | `poll_budget` | the CPU time, of its thread, that a poll may take before it is a finding of `cpu` | `"100ms"` | `STANDSTILL_POLL_BUDGET` |
/// | `stuck_after` | after how many jumps a body that nothing wakes is starved | `1_000_000` | `STANDSTILL_STUCK_AFTER` |
/// | `time` | `"virtual"`, `"real"` | `"virtual"` | |
/// | `start_time` | what `SystemTime::now()` says at the start, in UTC: `"2026-02-28T23:59:58Z"` | the real time | |
/// | `seed` | a number: the random bytes that the system gives to the test follow from it | a hash of the test's path | `STANDSTILL_SEED` |
/// | `seeds` | how many seeds to run the test with, from `seed` on | 1 | |
/// | `check_determinism` | `true` runs each seed twice, and compares | `false` | |
/// | `random` | `"seeded"`, `"real"`: random bytes that no seed decides | `"seeded"` | |
/// | `standstill` | the path of this crate, if it is not `::standstill` | | |
///
/// `STANDSTILL_SEED`, decimal or as `0x2a`, goes before `seed`, and of several `seeds` it runs that one alone.
///
/// And all that `#[tokio::test]` takes, so that a swap never breaks a build:
///
/// | option | here |
/// |---|---|
/// | `flavor` | `"current_thread"` (also called `"local"`), or `"multi_thread"`: in virtual time too, where all of a test is (`standstill::os::support`) |
/// | `worker_threads` | as in tokio, with `flavor = "multi_thread"` |
/// | `start_paused` | with `true`, the test is on tokio's own paused clock, which `tokio::time::advance` can move; of all that is virtual otherwise, only `tokio::time` is. `time = "real"` is then an error |
/// | `unhandled_panic` | `"ignore"` leaves it to `task_panics`; `"shutdown_runtime"` ends the test at the first panic of a task. Needs no unstable flag |
/// | `name` | tokio's name of the runtime |
/// | `crate` | accepted; this crate brings its own path to tokio |
///
/// # Seeds
///
/// What a test asks the system for, at random, follows from its seed: the order of a `HashMap`, the numbers of `rand`, a `Uuid::new_v4`. tokio
/// takes a seed from there too, for the branches of `select!`, but mixes in how many runtimes the process has made: their order repeats when the
/// test runs alone in its process. So it does under nextest, with `-- --exact`, and with these options:
///
/// - `seeds = 100` runs the test with a hundred seeds, each in a process of its own, as many at a time as there are cores, whatever `#[serial]` says. The first seed with which
///   it fails is the same each time; the report is that run's, and its last line runs that one seed again.
/// - `check_determinism = true` runs a seed twice, each in a process of its own, and compares what `standstill` has noted: jumps of the clock,
///   named tasks, calls of mocks, ticks of meters, panics. The report shows the first event that differs.
///
/// Where not all of a test is in virtual time, as `standstill::os::support` says, `seed`, `seeds` and `check_determinism` fail the test. They do not go with
/// `#[should_panic]`, except for `seed`.
///
/// ```
/// use standstill::prelude::*;
/// use tokio::time::sleep;
///
/// #[async_test(seeds = 100)]
/// async fn whoever_is_first_both_are_served() {
///     let (mut early, mut late) = (false, false);
///     while !(early && late) {
///         tokio::select! {
///             () = sleep(1.secs()) => early = true,
///             () = sleep(1.secs()) => late = true,
///         }
///     }
/// }
/// ```
///
/// What no seed decides: OS threads that race (the workers of `flavor = "multi_thread"` and blocking jobs among them), other processes, the
/// date and the absolute value of an `Instant`, files, addresses in memory.
///
/// # With other attributes
///
/// Those of rstest, test-case, test-log and googletest work as they do with `#[tokio::test]`, above this one or below it; insta
/// names its snapshots as it does there. Under a `#[rstest]` that stands above, this one must be written `#[standstill::test]`,
/// since rstest looks for a path that ends in `test`. `#[serial]` of `serial_test` goes below, so that the wait for its lock is no part
/// of the test. `#[ignore]`, `#[cfg]`, `#[should_panic]`, doc comments and lints work as on any test.
/// Under `#[should_panic]` only a panic of the body counts as one: a finding (a stuck test, a task's panic)
/// is printed, and the test fails. A `#[timeout]` of rstest counts the test's time where all of that is virtual, and real time elsewhere.
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

/// Makes a mock of a trait: `MockUsers` of `Users`, with one public `MockFn` for each method.
///
/// The trait itself stays as it is. The mock has `new()`, and is `Default`, `Debug` and `Clone`; a clone shares what it is told and
/// what it has seen. It is as visible as the trait, unless told otherwise, and stands wherever the trait does: as `Arc<dyn Users>` too.
///
/// # Examples
///
/// ```
/// use standstill::{async_mock, mock::eq, prelude::*};
///
/// #[async_mock]
/// trait Users {
///     async fn get(&self, id: u64) -> Result<String, std::io::Error>;
///     fn count(&self) -> usize;
/// }
///
/// # standstill::run(async || {
/// let users = MockUsers::new();
/// users.get.when(eq(7)).after(2.secs()).returns_once(Ok("Ann".to_owned()));
/// users.count.returns(1);
///
/// assert_eq!(users.get(7).await.unwrap(), "Ann");
/// assert_eq!(users.count(), 1);
/// assert_elapsed!(2.secs());
/// # });
/// ```
///
/// # Methods
///
/// - `async fn` is async, and so are `-> impl Future<Output = ..>`, `-> Pin<Box<dyn Future<Output = ..>>>`, `-> BoxFuture<..>` and `-> LocalBoxFuture<..>`. A call is on record
///   when it is made, not only when it is polled. Its future is `Send` if its arguments are.
/// - Where the type of a future says that it does not borrow an argument, as in `fn get(&self, key: &str) -> BoxFuture<'_, u64>` or
///   `-> Pin<Box<dyn Future<Output = u64> + Send>>`, the answer is lent a copy, made when the call is. So what is behind a `&` must be `Clone` there.
/// - All others are sync, and answer at once.
/// - `#[async_trait]` may stand above or below, with or without `?Send`, with the same meaning. So may other macros on the trait: those below go first,
///   and what they make of the trait is mocked.
/// - The receiver may be `&self`, `&mut self`, `self`, or a `Box`, `Rc`, `Arc` or `Pin` of it. A function without one keeps its default body.
/// - A default body is kept, unless `mock_defaults` says otherwise.
/// - A generic method has one mock for each choice of types: `users.find.of::<ByName>().returns(..)`. Its type parameters must be
///   `'static`, and say so, `fn find<Q: Query + 'static>(&self, query: Q)`, unless `Query` says it itself. Whether an argument of such a type is copied, and how it is
///   shown, depends on its bounds. In the mock of a generic trait, the trait's type parameters are `'static`.
/// - Supertraits are not mocked: implement them for `MockUsers`.
/// - `unsafe` and `extern "C"` methods are mocked like others. What is under a `#[cfg]`, the trait or an item of it, has its share of the mock under
///   the same.
///
/// # Arguments
///
/// There may be up to eight. They need be neither `Clone` nor `Debug`; what is not `Clone` cannot be compared after the call, what is not
/// `Debug` is shown by the name of its type.
///
/// | argument | matchers see | kept |
/// |---|---|---|
/// | `T` | the argument, `&T` | a clone |
/// | `&T`, `&mut T` | `&T` | a clone, made when the call is |
/// | `&str`, `&[T]`, `&Path`, `&OsStr`, `&CStr` | the same | `String`, `Vec<T>`, `PathBuf`, `OsString`, `CString` |
/// | `Option<&T>`, `Option<&str>`, .. | the owned form: `&Option<T>`, `&Option<String>` | the owned form; it must be `Clone` |
/// | what borrows otherwise: `Request<'_>`, `Vec<&str>`, `&&str`, `&dyn Trait`; what speaks of `Self` | its `Debug` text, `&str` | the text, with which the `Debug` of an expected value is compared |
/// | `&mut` to what borrows for another lifetime, also inside of something: `&mut Transaction<'_>`, `Option<&mut Context<'_>>` | the same; an answer too is given no more than that: a stand-in with this `Debug` | the same |
///
/// # Returned references
///
/// An answer gives the owned value; what a returned reference points to lives for ever.
///
/// | output | an answer gives |
/// |---|---|
/// | `&T`, `&mut T` | `T` |
/// | `&str`, `&[T]`, `&Path`, .. | `String`, `Vec<T>`, `PathBuf`, .. |
/// | `&dyn Trait` | `Box<dyn Trait>` |
/// | one of these in an `Option` or a `Result` | the same, with the owned form inside |
/// | `Box<dyn Iterator<Item = &T> + '_>` | `Box<dyn Iterator<Item = &'static T>>` |
/// | `!` | nothing: it is `pending()`, or panics |
/// | anything else, `&'static T` too | itself, with `'static` for its lifetimes |
///
/// # Options
///
/// | option | |
/// |---|---|
/// | `type Error = io::Error` | an associated type of the trait, or of a supertrait if a method speaks of it |
/// | `const SIZE = 3` | an associated constant; without it, the trait's default |
/// | `mock_defaults` | mocks all methods that have a default body |
/// | `mock_defaults(greet, farewell)` | mocks these |
/// | `pub(crate)`, `pub(self)`, .. | how visible the mock is, if not as the trait is |
/// | `standstill = "path"` | the path of this crate, if it is not `::standstill` |
///
/// ```
/// use standstill::{async_mock, prelude::*};
///
/// #[async_mock(type Error = std::io::Error, const RETRIES = 3, mock_defaults(greet))]
/// trait Service {
///     type Error;
///     const RETRIES: usize;
///     async fn ask(&self, question: &str) -> Result<&str, Self::Error>;
///     async fn find<Q: Send + 'static>(&self, query: Q) -> usize;
///     async fn greet(&self) -> String {
///         "hello".to_owned()
///     }
/// }
///
/// # standstill::run(async || {
/// let service = MockService::new();
/// service.ask.answers(|question| Ok(format!("{question}!")));
/// service.find.of::<u64>().returns(1);
/// service.greet.returns("bye".to_owned());
///
/// assert_eq!(service.ask("really").await.unwrap(), "really!");
/// assert_eq!(service.find(7_u64).await, 1);
/// assert_eq!(service.greet().await, "bye");
/// # });
/// ```
///
/// # What it refuses
///
/// With an error that says what to do instead: a lifetime parameter of the trait, an `unsafe trait`, an associated type with parameters,
/// `impl Trait` as an argument, `impl Trait` other than a future as an output, more than eight arguments, variadic ones, one under a `#[cfg]`, a
/// function with neither `self` nor a body, a future that may not borrow an argument of which
/// there is no copy, a returned `dyn Trait` with a borrow among its parameters, a `&` to a type of your own that has no size.
///
/// The types in the methods of a `pub` trait must be `pub` too: the compiler refuses others (E0446), unless the mock is as little visible as
/// they are, by `#[async_mock(pub(crate))]`.
#[proc_macro_attribute]
pub fn async_mock(args: TokenStream, item: TokenStream) -> TokenStream {
    async_mock::expand(&args.into(), &item.into()).into()
}

/// Makes a mock of one function, whose arguments may borrow and need be neither `Clone` nor `Debug`.
///
/// It is an expression, and takes a function's head, without generics. The rules are those of [`async_mock`](macro@async_mock), except that
/// a call gives the owned form of what would be a reference, and that it takes no `&mut` to what borrows for another lifetime.
///
/// # Examples
///
/// ```
/// use standstill::{mock::eq, mock_fn, prelude::*};
///
/// # standstill::run(async || {
/// let fetch = mock_fn!(async fn fetch(url: &str, limit: usize) -> Option<String>);
/// fetch.when((eq("a"), eq(7))).after(1.secs()).returns(Some("page".to_owned()));
///
/// assert_eq!(fetch.call(("a", 7)).await.unwrap(), "page");
/// assert_elapsed!(1.secs());
/// # });
/// ```
#[proc_macro]
pub fn mock_fn(tokens: TokenStream) -> TokenStream {
    async_mock::mock_fn(tokens.into()).into()
}

/// Lets tests put a mock in place of a function, or of each method in a type's `impl` block.
///
/// In a test, [`patch!`](crate::patch) gives the mock: for that test's bubble only, with its tasks and blocking jobs, so that tests that run in
/// parallel do not meet. Without a patch the function runs as it is written.
///
/// A call meets the patch that is there when it is made. As with every mock, it is on record from then on, and its effects come with its first
/// poll: to that end an `async fn` becomes one that returns `impl Future`, with the same arguments, borrows, drops and `Send`. In reports, the
/// place of an async call is its line, that of a sync one the line of its `#[patchable]`.
///
/// It is for non-test code, so it is written `#[cfg_attr(test, standstill::patchable)]`. `cfg(test)` is set for the unit tests inside a crate only. For
/// those in `tests/*.rs` the crate is built as any other would see it: give it a feature, write
/// `#[cfg_attr(any(test, feature = "patchable"), standstill::patchable)]`, make `standstill` an optional dependency that the feature turns on, and have the
/// crate's own `[dev-dependencies]` name the crate itself with that feature.
///
/// # Examples
///
/// ```
/// use standstill::{mock::eq, patch, patchable, prelude::*};
///
/// #[patchable]
/// async fn fetch(id: u64) -> String {
///     format!("the real {id}")
/// }
///
/// struct Client;
///
/// #[patchable]
/// impl Client {
///     async fn greet(&self, name: &str) -> String {
///         format!("hello, {name}")
///     }
/// }
///
/// standstill::run(async || {
///     assert_eq!(fetch(7).await, "the real 7");
///
///     let fetch_mock = patch!(fetch);
///     fetch_mock.when(eq(7)).after(2.secs()).returns("a patch".to_owned());
///     patch!(Client::greet).when(eq("you")).returns("go away".to_owned());
///
///     assert_eq!(fetch(7).await, "a patch");
///     assert_eq!(Client.greet("you").await, "go away");
///     assert_elapsed!(2.secs());
/// });
/// # standstill::run(async || assert_eq!(fetch(7).await, "the real 7"));
/// ```
///
/// # Options
///
/// | option | |
/// |---|---|
/// | `standstill = "path"` | the path of this crate, if it is not `::standstill` |
///
/// # What it refuses
///
/// With an error that says what to do instead: type and const parameters, `impl Trait` as an argument, a `const fn`, a future that is not that of
/// an `async fn`, the `impl` block of a trait or of a type with type or const parameters, a method by itself, more than eight arguments.
/// Of a function without `self` in an `impl` block it cannot know that it stands there: that a `struct` is not supported in `impl`s means that `#[patchable]` belongs on the block.
#[proc_macro_attribute]
pub fn patchable(args: TokenStream, item: TokenStream) -> TokenStream {
    async_mock::patchable(&args.into(), &item.into()).into()
}

/// Puts a mock in place of a function under [`patchable`](macro@crate::patchable), for this test, and gives it; the same one, if asked again.
///
/// It takes the function's path, from where it is written: `fetch`, `client::fetch`; and for a method, the type that has it by any of its names:
/// `Client::get`, `client::Client::get`, `Client<u8>::get`.
///
/// **The name of a function that was imported by itself, or is re-exported, is not enough**, since its patch has a hidden name, which does not come along.
/// That `__patchable_fetch` is not found means that, or that the function is not `#[patchable]`.
///
/// | with | write |
/// |---|---|
/// | `use client::fetch;` | `patch!(client::fetch)`, with the module where the function is written |
/// | `use client::fetch as get;` | `patch!(client::fetch)` |
/// | `use client::*;` | `patch!(fetch)` |
/// | `use client::Client;` | `patch!(Client::get)` |
///
/// ```
/// use standstill::{patch, patchable, prelude::*};
///
/// mod client {
///     #[standstill::patchable]
///     pub async fn fetch(id: u64) -> u64 {
///         id
///     }
///
///     pub struct Client;
///
///     #[standstill::patchable]
///     impl Client {
///         pub async fn get(&self) -> u64 {
///             1
///         }
///     }
/// }
///
/// use client::{Client, fetch};
///
/// standstill::run(async || {
///     patch!(client::fetch).returns(7);
///     patch!(Client::get).returns(8);
///
///     assert_eq!((fetch(1).await, Client.get().await), (7, 8));
/// });
/// ```
///
/// # Panics
///
/// Panics outside a bubble.
#[proc_macro]
pub fn patch(path: TokenStream) -> TokenStream {
    async_mock::patch(path.into()).into()
}
