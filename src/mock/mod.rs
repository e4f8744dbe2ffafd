//! Async mocks that know the difference between called and polled.
//!
//! One function is a [`MockFn`]; a trait is a struct of them, which [`#[async_mock]`](macro@crate::async_mock) makes. Every call is a
//! future that writes to the bubble's log when it is made, first polled, complete, or dropped, and its answers take virtual time.
//!
//! ```
//! use standstill::{async_mock, mock::eq, prelude::*};
//! use tokio::time::timeout;
//!
//! #[async_mock]
//! trait Users {
//!     async fn name(&self, id: u64) -> Result<String, String>;
//! }
//!
//! async fn greet(users: &impl Users, id: u64) -> String {
//!     match timeout(3.secs(), users.name(id)).await {
//!         Ok(Ok(name)) => format!("hello, {name}"),
//!         Ok(Err(_)) => "hello, stranger".to_owned(),
//!         Err(_) => "hello".to_owned(),
//!     }
//! }
//!
//! standstill::run(async || {
//!     let users = MockUsers::new();
//!     users.name.when(eq(7)).after(2.secs()).returns(Ok("Ada".to_owned()));
//!     users.name.when(eq(8)).fails("not found".to_owned());
//!     users.name.always().pending();
//!
//!     assert_eq!(greet(&users, 7).await, "hello, Ada");
//!     assert_eq!(greet(&users, 8).await, "hello, stranger");
//!     assert_eq!(greet(&users, 9).await, "hello");
//!
//!     assert_elapsed!(5.secs());
//!     users.name.assert_calls([7, 8, 9]);
//!     assert_eq!((users.name.completed(), users.name.cancelled()), (2, 1));
//! });
//! ```
//!
//! # What a call is
//!
//! An async call is two things: the future is made, and later somebody polls it, or nobody does. A mock keeps them apart:
//!
//! | | when | counted by |
//! |---|---|---|
//! | *called* | the future is made | [`called`](MockFn::called) |
//! | *polled* | it is awaited, or polled in some other way, for the first time | [`polled`](MockFn::polled) |
//! | *completed* | it gave its answer | [`completed`](MockFn::completed) |
//! | *cancelled* | it was polled, and dropped before it had an answer; or its answer panicked | [`cancelled`](MockFn::cancelled) |
//! | *never polled* | it was dropped and had not been polled | [`never_polled`](MockFn::never_polled) |
//! | *in flight* | it has not come to an end: the future is alive | [`in_flight`](MockFn::in_flight) |
//!
//! At every instant, `called = never_polled + in_flight + completed + cancelled`.
//!
//! A call is on record from the moment when it is made, but its effects come with its first poll: then a rule is chosen, a step of a script
//! is used, a function that answers runs. So the loser of a `select!` that was never polled changes nothing. A call of a sync function is
//! called, polled and complete at once.
//!
//! [`calls`](MockFn::calls) gives all of them, each with its arguments, its instants, its outcome and the task that made it; `{:#?}` of it
//! has a line for each call, for snapshots:
//!
//! ```
//! use standstill::{clock, mock::{MockFn, Outcome, eq}, prelude::*, task};
//! use tokio::time::timeout;
//!
//! standstill::Builder::new().never_polled(standstill::Level::Allow).run(async || {
//!     let fetch: MockFn<fn(u64) -> String> = MockFn::new("fetch");
//!     fetch.when(eq(1)).returns("one".to_owned()).after(2.secs());
//!     fetch.always().pending();
//!
//!     fetch.call(1).await;
//!     assert!(timeout(3.secs(), fetch.call(2)).await.is_err());
//!     drop(fetch.call(3));
//!     let reader = task::background("reader", fetch.call(4));
//!     clock::settle().await;
//!
//!     assert_eq!(
//!         format!("{:#?}", fetch.calls()),
//!         r#"[
//!     1. fetch(1): called at 0.000 s, completed at 2.000 s,
//!     2. fetch(2): called at 2.000 s, cancelled at 5.000 s,
//!     3. fetch(3): called at 5.000 s, dropped at 5.000 s, never polled,
//!     4. fetch(4): called at 5.000 s, in flight,
//! ]"#
//!     );
//!     assert_eq!((fetch.called(), fetch.polled()), (4, 3));
//!     assert_eq!((fetch.completed(), fetch.cancelled(), fetch.never_polled(), fetch.in_flight()), (1, 1, 1, 1));
//!     assert_eq!((fetch.calls()[1].outcome, fetch.calls()[1].ended_at), (Outcome::Cancelled, Some(5.secs())));
//!     drop(reader);
//! });
//! ```
//!
//! Three more things are read off the log: [`pauses`](MockFn::pauses), from the end of a call to the first poll of the next, which is what
//! a backoff promises, whatever the answers take; [`intervals`](MockFn::intervals), from first poll to first poll, which is what a rate
//! promises; [`peak_in_flight`](MockFn::peak_in_flight), the most calls that ran at once.
//!
//! # Rules
//!
//! [`when`](MockFn::when) adds a rule for the calls whose arguments match: one predicate for one argument, a tuple of predicates for
//! several. All types of the crate `predicates` do, and with them mockall's; the usual ones are here, [`eq`], [`gt`], [`always()`], and the
//! others in [`predicate`]; `.and(..)`, `.or(..)`, `.not()` join them, by the trait [`PredicateBooleanExt`].
//! [`when_fn`](MockFn::when_fn) takes a function and a text that says what it expects. [`always`](MockFn::always)
//! takes every call, and an answer may stand on the mock itself: `fetch.returns(7)` is `fetch.always().returns(7)`.
//!
//! **The first rule that matches answers**, in the order in which they were added. What a call then meets:
//!
//! 1. A rule that matches but has been used as often as its [`times`](Rule::times) allows is passed over, so the next one may match. But a
//!    call that a rule of [`never`](Rule::never) (`times(0)`) matches fails, wherever that rule stands.
//! 2. A rule with a place [`in_order`](Rule::in_order) of a [`Sequence`], which rules of several mocks may share, fails the call if it is
//!    not its turn.
//! 3. A call that no rule takes waits for the test, if the mock is answered [`by_hand`](MockFn::by_hand); or else gives the default, if the
//!    mock is [`nice`](MockFn::nice); or else fails at once, with all rules and why each did not match.
//!
//! A call that fails panics where it is awaited, and the test fails, whatever became of that panic. So it is none that
//! [`task::expect_panics`](crate::task::expect_panics) announces: that is for what the code is to survive, as a panic of
//! `.answers(|_| panic!("boom"))` may be, and not for calls that the test's own rules do not know.
//!
//! `times` takes a number or a range. A rule without it takes any number of calls but must be used at least once; `times(..)` makes it
//! optional; one that is `in_order`, or `returns_once`, is to be used once. A script is to be used to its last step, unless `times` says how
//! often its rule is to be used.
//!
//! ```
//! use standstill::{Builder, mock::{MockFn, Sequence, always, eq, gt}, prelude::*};
//!
//! standstill::run(async || {
//!     let send: MockFn<fn(u64, String) -> Result<(), String>> = MockFn::new("send");
//!     send.when((eq(7), always())).fails("busy".to_owned()).times(2);
//!     send.when((gt(5), always())).returns(Ok(()));
//!     send.when_fn("a short text", |(_, text)| text.len() < 3).returns(Ok(())).times(..);
//!
//!     assert!(send.call((7, "hello".to_owned())).await.is_err());
//!     assert!(send.call((7, "hello".to_owned())).await.is_err());
//!     assert!(send.call((7, "hello".to_owned())).await.is_ok());
//!
//!     let (open, close): (MockFn<fn()>, MockFn<fn()>) = (MockFn::new("open"), MockFn::new("close"));
//!     let order = Sequence::new();
//!     open.always().in_order(&order);
//!     close.always().in_order(&order);
//!     open.call(()).await;
//!     close.call(()).await;
//! });
//!
//! let failure = Builder::new().try_run(async || {
//!     let fetch: MockFn<fn(u64) -> u64> = MockFn::new("fetch");
//!     fetch.when(eq(7)).returns(1);
//!     fetch.call(7).await;
//!     fetch.call(8).await;
//! });
//! let failure = failure.unwrap_err().to_string();
//! assert!(failure.contains("the call fetch(8) is unexpected: no rule takes it"), "{failure}");
//! assert!(failure.contains("the argument is 8"), "{failure}");
//! ```
//!
//! # Answers
//!
//! | answer | what the call gets |
//! |---|---|
//! | [`returns(value)`](Rule::returns) | the value, each time a clone |
//! | [`returns_once(value)`](Rule::returns_once) | the value itself, once; it need not be `Clone` |
//! | [`sequence([a, b])`](Rule::sequence) | the next value; past the last one the call fails, or with `.times(2)` the next rule may match |
//! | [`sequence([a, b]).then_repeat_last()`](Rule::then_repeat_last) | the next value; past the last one that one again |
//! | [`fails(error)`](Rule::fails) | `Err(error)`, each time a clone |
//! | [`answers(\|args\| value)`](Rule::answers) | what the function makes of the arguments, which it owns, and may write to if they are `&mut` |
//! | [`answers_async(\|args\| async { value })`](Rule::answers_async) | what the async function gives, and it may sleep; borrowed arguments are copied before the `async` block |
//! | [`wraps(function)`](Rule::wraps) | what a real function gives: the mock is a spy |
//! | [`pending()`](Rule::pending) | nothing, ever |
//! | [`gate()`](Rule::gate) | what the test opens the [`Gate`] with, when it does; it gives the gate, so it comes last: `.times(1).gate()` |
//! | none | `()`, if that is the output; for others the call fails |
//!
//! Each of them may be late: [`after(duration)`](Rule::after) has every answer take so long, [`after_each([a, b])`](Rule::after_each) the
//! next of these times. It is tokio's time, so in a test of this crate it is virtual. Sync methods have only those answers that do not
//! wait, which the compiler sees to.
//!
//! ```
//! use standstill::{clock, mock::MockFn, prelude::*};
//! use tokio::time::sleep;
//!
//! async fn double(number: u64) -> u64 {
//!     sleep(1.secs()).await;
//!     number * 2
//! }
//!
//! standstill::run(async || {
//!     let count: MockFn<fn(u64) -> u64> = MockFn::new("count");
//!     count.returns(1).times(1).after(4.secs());
//!     count.returns_once(2);
//!     count.sequence([3, 4]).times(2).after_each([1.secs(), 2.secs()]);
//!     count.answers(|number| number + 1).times(1);
//!     count.answers_async(|number| async move {
//!         sleep(number.secs()).await;
//!         number
//!     }).times(1);
//!     count.wraps(double).times(1);
//!     let gate = count.gate();
//!
//!     assert_eq!([count.call(0).await, count.call(0).await, count.call(0).await, count.call(0).await], [1, 2, 3, 4]);
//!     assert_elapsed!(7.secs());
//!     assert_eq!(count.call(9).await, 10);
//!     assert_eq!(count.call(60).await, 60);
//!     assert_eq!(count.call(7).await, 14);
//!     assert_elapsed!(68.secs());
//!
//!     let call = tokio::spawn(count.call(0));
//!     clock::settle().await;
//!     assert_eq!((gate.waiting(), call.is_finished()), (1, false));
//!     gate.open(5);
//!     assert_eq!(call.await.unwrap(), 5);
//! });
//! ```
//!
//! # By hand
//!
//! Where a test wants to decide in which order things happen, it holds the calls in its hand: [`next_call`](MockFn::next_call) waits for
//! one that no rule takes, the test looks at its [`args`](Incoming::args), at what the code does meanwhile, and then it
//! [`respond`](Incoming::respond)s. That says whether the caller was still there.
//!
//! ```
//! use standstill::{clock, mock::MockFn, prelude::*};
//! use tokio::time::timeout;
//!
//! standstill::run(async || {
//!     let fetch: MockFn<fn(u64) -> String> = MockFn::new("fetch");
//!     let [one, two] = [1, 2].map(|id| tokio::spawn(timeout(5.secs(), fetch.call(id))));
//!     let first = fetch.next_call().await;
//!     let second = fetch.next_call().await;
//!     assert_eq!((first.args() == 1, second.args() == 2), (true, true));
//!
//!     assert!(second.respond("two".to_owned()));
//!     assert_eq!(two.await.unwrap().unwrap(), "two");
//!     assert!(!one.is_finished());
//!
//!     assert!(one.await.unwrap().is_err());
//!     assert!(first.is_cancelled());
//!     assert!(!first.respond("too late".to_owned()));
//!     assert_elapsed!(5.secs());
//! });
//! ```
//!
//! From the first `next_call` on, such calls wait; [`by_hand`](MockFn::by_hand) says so from the start. A call has to be polled before it
//! can be had, since effects come with the first poll: so the code under test runs in a task, or in another branch of a `join!`,
//! which may be polled first: then say `by_hand()` before.
//! [`wait_until_called`](MockFn::wait_until_called) waits for a number of calls, under a limit.
//!
//! # Verification
//!
//! In a test of this crate **the harness verifies at the end**, after the body's locals are dropped, and it knows how the body ended: the
//! body's own failure comes first. It finds
//!
//! - rules that were used too seldom, or never, and scripts with steps left over;
//! - calls that failed, also in tasks that nobody joined, and under `task_panics = "allow"`;
//! - calls that were dropped unpolled, or that somebody still holds so: a warning, since losers of a `select!` are legitimate, unless the option `never_polled` or the
//!   mock's [`must_be_polled`](MockFn::must_be_polled) says otherwise;
//! - calls that wait to be answered by hand, and that the test did not take: a warning, since code that runs on may make one more.
//!
//! A sync call that gives `()` and is refused while a panic unwinds returns, for a second panic in a destructor would end the process; it fails the
//! test all the same.
//!
//! Of a mock that refused a call, and of all if that ended the body, it does not list the rules that were used too seldom: they would follow from
//! it. Of a rule whose calls an earlier one took, it names the earlier one.
//!
//! A mock that a task still holds, or that was leaked, is verified like any other. Outside a bubble, under `#[test]` or `#[tokio::test]`,
//! mocks work as well, on tokio's clock, and **verify when the last clone is dropped**, unless the thread is panicking. Where a task
//! or another thread drops it, that panic may be caught by who runs them, as tokio does; so the report goes to the real standard error too, and the process of the tests
//! ends with exit code 101. A call that was dropped unpolled fails there only with `must_be_polled`.
//!
//! **What is never dropped verifies nothing there**: a mock that was leaked, that is in a cycle of `Rc`s, or in a `static`. Have the test run
//! under `#[async_test]`, or call [`checkpoint`](MockFn::checkpoint) at its end. One in a `static` that several plain tests share has the rules and calls
//! of all of them at once, so let each test make its own; under `#[async_test]`, a call from another test than the mock's fails and says so.
//!
//! A mock belongs to the bubble in which it is given its first rule or call, or asked for one, so a
//! fixture may make one before. [`checkpoint`](MockFn::checkpoint) verifies in mid-test, then forgets rules and calls.
//!
//! ```
//! use standstill::{Builder, mock::MockFn};
//!
//! let failure = Builder::new().try_run(async || {
//!     let fetch: MockFn<fn(u64) -> u64> = MockFn::new("fetch");
//!     fetch.returns(1).times(2);
//!     fetch.call(7).await;
//!     // Somebody forgot to await it.
//!     drop(fetch.call(8));
//! });
//! let failure = failure.unwrap_err().to_string();
//! assert!(failure.contains("fetch expected exactly 2 calls, saw 1"), "{failure}");
//! assert!(failure.contains("2. fetch(8): called at 0.000 s, dropped at 0.000 s, never polled"), "{failure}");
//! ```
//!
//! # How arguments are kept
//!
//! A matcher sees the arguments themselves. For what is asked later, the mock keeps a copy of each; a `MockFn<fn(A, B) -> C>` demands
//! `Clone + Debug + Send` of them for it. [`mock_fn!`](crate::mock_fn) and [`#[async_mock]`](macro@crate::async_mock) demand nothing:
//!
//! | argument | kept as | shown as |
//! |---|---|---|
//! | `&str`, `&[u8]`, `&Path`, `&T`, `Option<&T>` | its owned form: `String`, `Vec<u8>`, .. | its `Debug` |
//! | what is `Clone` | a copy | its `Debug` |
//! | what borrows inside, such as `Request<'_>` or `Vec<&str>`, and `&dyn Debug` | the text of its `Debug`, which is also what a matcher sees, and what the `Debug` of an expected value is compared with | that text |
//! | a `&mut` to something that borrows for another lifetime, such as `&mut Transaction<'_>`, but not in a `mock_fn!` | the same; an answer is given no more than that text either | that text |
//! | what is not `Clone` | not at all: to compare it panics, and says so; a matcher sees it | its `Debug` |
//! | what has no `Debug`, such as a `K` of a trait `Cache<K>` that does not demand it | a copy, if it is `Clone` | the name of its type |
//!
//! `&mut` arguments are kept as they were when the call was made. A text of more than 200 letters is cut where it is shown.
//! [`without_args`](MockFn::without_args) keeps nothing, where a copy would keep something alive, such as a sender.
//!
//! ```
//! use standstill::mock::{always, eq};
//! use standstill::mock_fn;
//!
//! struct Secret(u64);
//!
//! standstill::run(async || {
//!     let open = mock_fn!(async fn open(door: &str, secret: Secret) -> u64);
//!     open.when((eq("front"), always())).answers(|(_, Secret(number))| number);
//!
//!     assert_eq!(open.call(("front", Secret(7))).await, 7);
//!
//!     let call = open.calls()[0].to_string();
//!     assert!(call.starts_with("1. open(door: \"front\", secret: <"), "{call}");
//! });
//! ```
//!
//! # What needs `.local()`
//!
//! A mock can be called from any thread, so what its answers hold is `Send`. [`Rule::local`] lifts that, for values such as an `Rc` and
//! functions that capture one: the answer then stays on the thread that gave it. It goes before the answer. A call that is answered by hand
//! has [`respond_local`](Incoming::respond_local). Arguments need nothing of the kind.
//!
//! ```
//! use std::{cell::RefCell, rc::Rc};
//!
//! use standstill::mock::MockFn;
//!
//! standstill::run(async || {
//!     let seen = Rc::new(RefCell::new(Vec::new()));
//!     let push: MockFn<fn(u64) -> Rc<str>> = MockFn::new("push");
//!     push.always().local().answers({
//!         let seen = Rc::clone(&seen);
//!         move |number| {
//!             seen.borrow_mut().push(number);
//!             "done".into()
//!         }
//!     });
//!
//!     assert_eq!(&*push.call(7).await, "done");
//!     assert_eq!(*seen.borrow(), [7]);
//! });
//! ```
//!
//! # Which kind of mock
//!
//! | to stand in for | write |
//! |---|---|
//! | a function that is passed in | a [`MockFn`] by its type, and pass `\|id\| fetch.call(id)`; arguments are owned |
//! | the same, with arguments that borrow or are not `Clone + Debug + Send` | [`mock_fn!(async fn fetch(key: &str) -> u64)`](crate::mock_fn), whose arguments have names in reports |
//! | a trait | [`#[async_mock]`](macro@crate::async_mock), also on those of `#[async_trait]`, behind `dyn` where the trait allows it |
//! | a free function, or methods of a type | [`#[patchable]`](macro@crate::patchable) on it, [`patch!`](crate::patch) in the test |
//!
//! ```
//! use standstill::{mock::MockFn, mock_fn};
//!
//! async fn sum(fetch: impl AsyncFn(u64) -> u64) -> u64 {
//!     fetch(1).await + fetch(2).await
//! }
//!
//! async fn length(fetch: impl AsyncFn(&str) -> usize) -> usize {
//!     fetch("one").await
//! }
//!
//! standstill::run(async || {
//!     let fetch: MockFn<fn(u64) -> u64> = MockFn::new("fetch");
//!     fetch.answers(|id| id * 10);
//!     assert_eq!(sum(|id| fetch.call(id)).await, 30);
//!
//!     let fetch = mock_fn!(async fn fetch(key: &str) -> usize);
//!     fetch.returns(3);
//!     assert_eq!(length(async |key: &str| fetch.call(key).await).await, 3);
//! });
//! ```
//!
//! # From Python's `AsyncMock`
//!
//! What Python calls *awaited* is *polled* here, and what it calls *called* is *called*. One name is a trap: `assert_called_once_with`
//! looks at what was polled here, as do `assert_calls` and everything that counts effects. And a mock is strict unless it is
//! [`nice`](MockFn::nice), where Python's answers everything.
//!
//! The first column has all that an `AsyncMock` has, and all that stands beside it in `unittest.mock`. `polled` stands for the calls that
//! were polled: `let polled: Vec<_> = calls.iter().filter(|call| call.polled_at.is_some()).collect();`, where `let calls = fetch.calls();`.
//!
//! | Python | here |
//! |---|---|
//! | `assert_awaited()` | `assert!(fetch.polled() > 0)` |
//! | `assert_awaited_once()` | `assert_eq!(fetch.polled(), 1)` |
//! | `assert_awaited_with(7)`: the last one | `assert_eq!(polled.last().unwrap().args, 7)` |
//! | `assert_awaited_once_with(7)` | `fetch.assert_called_once_with(7)` |
//! | `assert_any_await(7)` | `assert!(polled.iter().any(\|call\| call.args == 7))`; as an expectation, `fetch.when(eq(7))` |
//! | `assert_has_awaits([call(7), call(8)])` | `assert!(polled.windows(2).any(\|two\| two[0].args == 7 && two[1].args == 8))`; for all of them, `fetch.assert_calls([7, 8])` |
//! | `assert_has_awaits(.., any_order=True)` | a rule for each, which is to be used at least once: `fetch.when(eq(7))` |
//! | `assert_not_awaited()` | `assert_eq!(fetch.polled(), 0)` |
//! | `await_count` | `fetch.polled()` |
//! | `await_args` | `polled.last().unwrap().args` |
//! | `await_args_list` | `fetch.assert_calls([..])`, or `polled` |
//! | `assert_called()` | `assert!(fetch.called() > 0)` |
//! | `assert_called_once()` | `assert_eq!(fetch.called(), 1)` |
//! | `assert_called_with(7)`: the last one | `assert_eq!(fetch.calls().last().unwrap().args, 7)` |
//! | `assert_called_once_with(7)` | `assert_eq!(fetch.called(), 1)` and `assert_eq!(fetch.calls()[0].args, 7)` |
//! | `assert_any_call(7)` | `assert!(fetch.calls().iter().any(\|call\| call.args == 7))` |
//! | `assert_has_calls([call(7), call(8)])` | `assert!(fetch.calls().windows(2).any(\|two\| two[0].args == 7 && two[1].args == 8))` |
//! | `assert_not_called()` | `fetch.assert_never_called()`; as an expectation, `fetch.never()` |
//! | `called` | `fetch.called() > 0` |
//! | `call_count` | `fetch.called()` |
//! | `call_args` | `fetch.calls().last().unwrap().args` |
//! | `call_args_list` | `fetch.calls()` |
//! | `method_calls` | the fields of a `#[async_mock]`: `users.get.calls()`, `users.put.calls()` |
//! | `mock_calls` | the same; for the order across mocks, a [`Sequence`] |
//! | `attach_mock(mock, name)` | a [`Sequence`], which rules of several mocks share |
//! | `return_value = v` | `fetch.returns(v)` |
//! | `side_effect = error` | `fetch.fails(error)`, for a `Result`; to panic, `fetch.answers(\|_\| panic!(".."))` |
//! | `side_effect = [a, b]` | `fetch.sequence([a, b])`; with exceptions among them, `fetch.sequence([Ok(a), Err(b)])` |
//! | `side_effect = function` | `fetch.answers(function)` |
//! | `side_effect = async_function` | `fetch.answers_async(function)` |
//! | `side_effect` that gives `DEFAULT` | a rule before: `fetch.when(..)`, then `fetch.returns(v)` for the others |
//! | `wraps=real` | `fetch.wraps(real)` |
//! | `spec`, `spec_set`, `mock_add_spec`, `create_autospec`, `seal` | the types: a method or an argument that is not there does not compile, and what no rule takes fails |
//! | `name="fetch"` | `MockFn::new("fetch")`; those of an `#[async_mock]` are called `Users::get` |
//! | `configure_mock(..)` | the rules; there is nothing else to set |
//! | `reset_mock()` | `fetch.checkpoint()`, which verifies, and also forgets the rules |
//! | `patch("module.fetch")`, `patch.object(..)`, `patch.multiple(..)`, `patch.stopall()` | [`#[patchable]`](macro@crate::patchable) on the function, [`patch!`](crate::patch) in the test; gone at its end |
//! | `patch.dict(os.environ, ..)` | nothing: the environment belongs to the whole process |
//! | `ANY` | `always()` |
//! | `call(7)`, `call(7, "x")` | `7`, `(7, "x")` |
//! | `sentinel.x` | a unit struct of the test's own, where the function is generic |
//! | `DEFAULT` | see `side_effect` |
//! | children, `mock.get.return_value = v` | the fields of an `#[async_mock]`: `users.get.returns(v)` |
//! | `__aenter__`, `__aexit__`, `__aiter__` and other magic methods | methods of an `#[async_mock]`, like any |
//! | `ThreadingMock`: `wait_until_called()` | `fetch.wait_until_called(1).within(5.secs()).await`; with arguments, `fetch.next_call().await` |
//! | `PropertyMock` | a sync method of an `#[async_mock]` |
//! | `Mock`, `NonCallableMock` | sync methods of an `#[async_mock]` |
//! | `MagicMock`, `NonCallableMagicMock` | `.nice()`, for the defaults |
//! | `mock_open` | nothing: `tokio_test::io::Builder` does it for `AsyncRead` and `AsyncWrite` |
//! | `FILTER_DIR`, `patch.TEST_PREFIX`, `unsafe=True` | nothing: a misspelt assertion does not compile |
//! | the warning "coroutine was never awaited" | the finding `never_polled`; a failure by `fetch.must_be_polled()` |
//!
//! The rows about calls, as a test:
//!
//! ```
//! use standstill::mock::MockFn;
//!
//! standstill::Builder::new().never_polled(standstill::Level::Allow).run(async || {
//!     let fetch: MockFn<fn(u64) -> u64> = MockFn::new("fetch");
//!     assert_eq!(fetch.name(), "fetch");
//!     // assert_not_called, assert_not_awaited
//!     fetch.assert_never_called();
//!     assert_eq!(fetch.polled(), 0);
//!
//!     // return_value, assert_awaited_once_with, assert_called_once_with
//!     fetch.returns(1);
//!     assert_eq!(fetch.call(7).await, 1);
//!     fetch.assert_called_once_with(7);
//!     assert_eq!((fetch.called(), fetch.polled()), (1, 1));
//!     assert_eq!(fetch.calls()[0].args, 7);
//!
//!     fetch.call(8).await;
//!     drop(fetch.call(9));
//!     let calls = fetch.calls();
//!     let polled: Vec<_> = calls.iter().filter(|call| call.polled_at.is_some()).collect();
//!
//!     // assert_awaited, await_count, assert_called, call_count
//!     assert_eq!((fetch.polled(), fetch.called()), (2, 3));
//!     // assert_awaited_with, await_args, assert_called_with, call_args
//!     assert_eq!(polled.last().unwrap().args, 8);
//!     assert_eq!(fetch.calls().last().unwrap().args, 9);
//!     // assert_any_await, assert_any_call
//!     assert!(polled.iter().any(|call| call.args == 7) && !polled.iter().any(|call| call.args == 9));
//!     assert!(fetch.calls().iter().any(|call| call.args == 9));
//!     // assert_has_awaits, await_args_list, assert_has_calls, call_args_list
//!     assert!(polled.windows(2).any(|two| two[0].args == 7 && two[1].args == 8));
//!     fetch.assert_calls([7, 8]);
//!     assert!(fetch.calls().windows(2).any(|two| two[0].args == 8 && two[1].args == 9));
//!     assert_eq!(fetch.calls().len(), 3);
//!
//!     // reset_mock
//!     fetch.checkpoint();
//!     fetch.assert_never_called();
//! });
//! ```
//!
//! The rows about answers, and those about several mocks:
//!
//! ```
//! use standstill::mock::{MockFn, Sequence, always, eq};
//! use standstill::{async_mock, patch, patchable};
//!
//! #[async_mock]
//! trait Users {
//!     async fn get(&self, id: u64) -> Result<u64, String>;
//!     async fn put(&self, id: u64, name: &str);
//!     fn size(&self) -> u64;
//! }
//!
//! #[patchable]
//! async fn double(number: u64) -> u64 {
//!     number * 2
//! }
//!
//! standstill::run(async || {
//!     let users = MockUsers::new();
//!     // side_effect: an error, a list, a function, an async function; and wraps
//!     users.get.fails("busy".to_owned()).times(1);
//!     users.get.sequence([Ok(1), Err("gone".to_owned())]).times(2);
//!     users.get.answers(|id| Ok(id + 1)).times(1);
//!     users.get.answers_async(|id| async move { Ok(id + 2) }).times(1);
//!     users.get.wraps(async |id| Ok(double(id).await)).times(1);
//!     // side_effect that gives DEFAULT
//!     users.get.when(eq(7)).returns(Ok(70));
//!     users.get.returns(Ok(0));
//!     let mut answers = Vec::new();
//!     for id in [7; 7] {
//!         answers.push(users.get(id).await);
//!     }
//!     answers.push(users.get(8).await);
//!     let errors = ["busy", "gone"].map(|text| Err(text.to_owned()));
//!     let [busy, gone] = errors;
//!     assert_eq!(answers, [busy, Ok(1), gone, Ok(8), Ok(9), Ok(14), Ok(70), Ok(0)]);
//!
//!     // method_calls, mock_calls, attach_mock, ANY, call
//!     users.get.checkpoint();
//!     let order = Sequence::new();
//!     users.get.returns(Ok(1)).in_order(&order);
//!     users.put.when((eq(1), always())).in_order(&order);
//!     users.get(7).await.unwrap();
//!     users.put(1, "x").await;
//!     users.put.assert_called_once_with((1, "x"));
//!     assert_eq!((users.get.calls().len(), users.get.name()), (1, "Users::get"));
//!
//!     // PropertyMock, Mock, MagicMock
//!     users.size.nice();
//!     assert_eq!(users.size(), 0);
//!
//!     // patch
//!     assert_eq!(double(2).await, 4);
//!     patch!(double).returns(5);
//!     assert_eq!(double(2).await, 5);
//!
//!     // the warning "coroutine was never awaited", as a failure
//!     let fetch: MockFn<fn(u64) -> u64> = MockFn::new("fetch");
//!     fetch.must_be_polled();
//! });
//! ```
#![doc = include_str!("with_tokio_test.md")]

mod answer;
mod args;
mod asserts;
mod book;
mod call;
mod call_now;
mod called;
mod calls;
mod compare;
mod copied;
mod copies;
mod counts;
mod course;
mod decide;
mod difference;
mod family;
mod form;
mod gate;
mod hand;
mod home;
mod kept;
mod kept_args;
mod latency;
mod look;
mod matching;
mod mock_fn;
mod mode;
mod owed;
mod parting;
mod patch;
mod pointee;
mod record;
mod refusal;
mod repeats;
mod report;
mod rule;
mod rule_answers;
mod rule_state;
mod rule_terms;
mod run;
mod search;
mod senders;
mod sequence;
mod shortcuts;
mod shown;
mod signature;
mod state;
mod terms;
mod text;
mod times;
mod told;
mod typed;
mod undecided;
mod unpatched;
mod verify;
mod views;
mod wait;
mod whence;

pub use args::Args;
pub use call::Call;
pub use called::{Called, Outcome};
pub use calls::Calls;
pub use gate::Gate;
pub use hand::{Incoming, NextCall};
pub use mock_fn::MockFn;
pub use mode::{Holds, Local, Roams, Sent};
pub use predicates::prelude::PredicateBooleanExt;
pub use predicates::prelude::predicate::{self, always, eq, ge, gt, in_iter, le, lt, ne, never};
pub use repeats::{ByClone, Defaults, Fallible, Repeats};
pub use rule::Rule;
pub use sequence::Sequence;
pub use signature::{Async, Signature};
pub use times::Times;
pub use views::{Matcher, View, Views};
pub use wait::WaitUntilCalled;
#[cfg(feature = "mockall")]
pub(crate) use {home::Home, latency::Latency, parting::Parting, report::left, report::was, run::Inside, run::Run};

/// What the macros write against.
#[doc(hidden)]
pub mod made {
    pub use super::call::{Announced, announce};
    pub use super::copied::copied;
    pub use super::family::Family;
    pub use super::kept::{Kept, Show};
    pub use super::kept_args::KeptArgs;
    pub use super::look::{CopyBound, CopyFree, CopyNot, Look, ShowCopy, ShowText, ShowType};
    pub use super::patch::{announce_patched, patch, patched};
    pub use super::pointee::{Gives, Pointee, known};
    pub use super::signature::{Async, AtOnce, Awaited, Signature};
    pub use super::text::Text;
    pub use super::told::Told;
    pub use super::undecided::Undecided;
    pub use super::views::{View, Views};
    pub use super::{Call, MockFn};
}
