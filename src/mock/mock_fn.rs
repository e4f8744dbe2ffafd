use std::fmt;
use std::marker::PhantomData;
use std::panic::Location;
use std::sync::atomic::Ordering;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use super::call::Call;
use super::hand::{Hand, NextCall};
use super::matching::Matching;
use super::mode::Roams;
use super::repeats::Defaults;
use super::rule::Rule;
use super::signature::{Async, Signature};
use super::state::Shared;
use super::views::{Matcher, Views};
use super::wait::WaitUntilCalled;

/// A mock of one function. Clones share rules and calls.
///
/// The arguments of a `MockFn<fn(A, B) -> C>` are owned; for a function of a `&str`, write [`mock_fn!`](crate::mock_fn).
///
/// # Examples
///
/// ```
/// use standstill::{mock::{MockFn, eq}, prelude::*};
///
/// standstill::run(async || {
///     let fetch: MockFn<fn(u64) -> Result<String, String>> = MockFn::new("fetch");
///     fetch.when(eq(7)).after(2.secs()).returns(Ok("seven".to_owned()));
///     fetch.always().fails("not found".to_owned());
///
///     assert_eq!(fetch.call(7).await.unwrap(), "seven");
///     assert_eq!(fetch.call(8).await.unwrap_err(), "not found");
///
///     assert_elapsed!(2.secs());
///     fetch.assert_calls([7, 8]);
/// });
/// ```
pub struct MockFn<S: Signature> {
    name: &'static str,
    /// Made when first needed, so that an unused mock costs nothing.
    shared: OnceLock<Arc<Shared>>,
    signature: PhantomData<fn(S) -> S>,
}

impl<S: Signature> MockFn<S> {
    /// Makes a mock that expects no calls yet; reports know it by its name.
    pub const fn new(name: &'static str) -> Self {
        Self { name, shared: OnceLock::new(), signature: PhantomData }
    }

    /// Gives its name.
    pub fn name(&self) -> &'static str {
        self.name
    }

    pub(super) fn shared(&self) -> &Arc<Shared> {
        made_by(&self.shared, self.name, Shared::of::<S>)
    }

    /// As `shared`, for a rule or a call: it then belongs to this test.
    pub(super) fn settled(&self) -> &Arc<Shared> {
        let shared = self.shared();
        shared.settle();
        shared
    }

    /// Calls it: with `()`, with the one argument, or with a tuple of several.
    ///
    /// The call is on record at once; its effects come when it is first polled.
    ///
    /// # Panics
    ///
    /// Panics in another test than that which the mock belongs to. The call panics when it is polled, if no rule takes it.
    #[track_caller]
    pub fn call<'a>(&self, args: S::Args<'a>) -> Call<'a, S>
    where
        S: Async,
    {
        Call::new(self.settled(), args, Location::caller())
    }

    /// Calls it as a sync function.
    ///
    /// # Panics
    ///
    /// Panics if no rule takes the call, and in another test than that which the mock belongs to.
    ///
    /// # Examples
    ///
    /// ```
    /// use standstill::mock::MockFn;
    ///
    /// let size: MockFn<fn(String) -> usize> = MockFn::new("size");
    /// size.answers(|text| text.len());
    ///
    /// assert_eq!(size.call_now("abc".to_owned()), 3);
    /// ```
    #[track_caller]
    pub fn call_now(&self, args: S::Args<'_>) -> S::Output {
        self.settled().call_now::<S>(args, Location::caller())
    }

    /// Adds a rule for the calls whose arguments match: a predicate for the one argument, or a tuple with one for each.
    ///
    /// The first rule that matches answers, in the order in which they were added.
    ///
    /// # Panics
    ///
    /// Panics in another test than that which the mock belongs to.
    ///
    /// # Examples
    ///
    /// ```
    /// use standstill::mock::{MockFn, always, eq};
    ///
    /// standstill::run(async || {
    ///     let fetch: MockFn<fn(u64, bool) -> u64> = MockFn::new("fetch");
    ///     fetch.when((eq(7), always())).returns(49);
    ///
    ///     assert_eq!(fetch.call((7, true)).await, 49);
    /// });
    /// ```
    #[track_caller]
    pub fn when(&self, matcher: impl Matcher<S::Views> + Roams + 'static) -> Rule<S> {
        Rule::new(Arc::clone(self.settled()), Matching::Predicates(Box::new(matcher)), Location::caller())
    }

    /// Adds a rule for the calls for which a function holds; `expects` says in reports what it expects.
    ///
    /// # Panics
    ///
    /// Panics in another test than that which the mock belongs to.
    ///
    /// # Examples
    ///
    /// ```
    /// use standstill::mock::MockFn;
    ///
    /// standstill::run(async || {
    ///     let fetch: MockFn<fn(u64) -> u64> = MockFn::new("fetch");
    ///     fetch.when_fn("an even id", |id| id % 2 == 0).returns(1);
    ///     fetch.always().returns(0);
    ///
    ///     assert_eq!([fetch.call(7).await, fetch.call(8).await], [0, 1]);
    /// });
    /// ```
    #[track_caller]
    pub fn when_fn(
        &self,
        expects: &'static str,
        holds: impl Fn(<S::Views as Views>::Refs<'_>) -> bool + Roams + 'static,
    ) -> Rule<S> {
        Rule::new(Arc::clone(self.settled()), Matching::function(expects, holds), Location::caller())
    }

    /// Adds a rule for every call.
    ///
    /// # Panics
    ///
    /// Panics in another test than that which the mock belongs to.
    ///
    /// # Examples
    ///
    /// ```
    /// use standstill::mock::MockFn;
    ///
    /// standstill::run(async || {
    ///     let fetch: MockFn<fn(u64) -> u64> = MockFn::new("fetch");
    ///     fetch.always().returns(49);
    ///
    ///     assert_eq!(fetch.call(7).await, 49);
    /// });
    /// ```
    #[track_caller]
    pub fn always(&self) -> Rule<S> {
        Rule::new(Arc::clone(self.settled()), Matching::Every, Location::caller())
    }

    /// Has calls that no rule takes give the default value, instead of failing.
    ///
    /// # Examples
    ///
    /// ```
    /// use standstill::mock::MockFn;
    ///
    /// standstill::run(async || {
    ///     let fetch: MockFn<fn(u64) -> u64> = MockFn::new("fetch");
    ///     fetch.nice();
    ///
    ///     assert_eq!(fetch.call(7).await, 0);
    /// });
    /// ```
    pub fn nice(&self) -> &Self
    where
        S::Output: Defaults,
    {
        self.shared().state().typed::<S>().nice = Some(S::Output::default_output);
        self
    }

    /// Has calls that no rule takes wait for the test, which answers them by [`next_call`](Self::next_call).
    ///
    /// # Examples
    ///
    /// ```
    /// use standstill::{clock, mock::MockFn};
    ///
    /// standstill::run(async || {
    ///     let fetch: MockFn<fn(u64) -> u64> = MockFn::new("fetch");
    ///     fetch.by_hand();
    ///     let call = tokio::spawn(fetch.call(7));
    ///     clock::settle().await;
    ///     assert_eq!(fetch.in_flight(), 1);
    ///
    ///     fetch.next_call().await.respond(49);
    ///
    ///     assert_eq!(call.await.unwrap(), 49);
    /// });
    /// ```
    pub fn by_hand(&self) -> &Self
    where
        S: Async,
    {
        self.shared().state().typed::<S>().by_hand = Some(Hand::<S>::take);
        self
    }

    /// Waits for the next call that no rule takes, and gives it to the test to answer.
    ///
    /// From now on such calls wait, as after [`by_hand`](Self::by_hand).
    ///
    /// # Examples
    ///
    /// ```
    /// use standstill::mock::MockFn;
    ///
    /// standstill::run(async || {
    ///     let fetch: MockFn<fn(u64) -> String> = MockFn::new("fetch");
    ///     let caller = tokio::spawn({
    ///         let fetch = fetch.clone();
    ///         async move { fetch.call(7).await }
    ///     });
    ///
    ///     let call = fetch.next_call().await;
    ///     assert_eq!(call.args(), 7);
    ///     assert!(call.respond("seven".to_owned()));
    ///
    ///     assert_eq!(caller.await.unwrap(), "seven");
    /// });
    /// ```
    pub fn next_call(&self) -> NextCall<S>
    where
        S: Async,
    {
        self.by_hand();
        NextCall { mock: Arc::clone(self.shared()), is_waiting: false, signature: PhantomData }
    }

    /// Waits until so many calls have been made, for an hour of the test's clock unless told otherwise.
    ///
    /// # Panics
    ///
    /// Panics if they do not come in time.
    ///
    /// # Examples
    ///
    /// ```
    /// use standstill::{mock::MockFn, prelude::*};
    ///
    /// standstill::run(async || {
    ///     let tick: MockFn<fn()> = MockFn::new("tick");
    ///     tick.nice();
    ///     tokio::spawn({
    ///         let tick = tick.clone();
    ///         async move {
    ///             loop {
    ///                 tokio::time::sleep(1.secs()).await;
    ///                 tick.call(()).await;
    ///             }
    ///         }
    ///     });
    ///
    ///     tick.wait_until_called(3).within(5.secs()).await;
    ///
    ///     assert_elapsed!(3.secs());
    /// });
    /// ```
    #[track_caller]
    pub fn wait_until_called(&self, count: usize) -> WaitUntilCalled<S> {
        WaitUntilCalled {
            mock: Arc::clone(self.shared()),
            count,
            limit: Duration::from_hours(1),
            place: Location::caller(),
            signature: PhantomData,
        }
    }

    /// Makes a call that is dropped unpolled, or still held so at the end of the test, a failure of the test, rather than a warning.
    ///
    /// # Examples
    ///
    /// ```
    /// use standstill::{Builder, mock::MockFn};
    ///
    /// let failure = Builder::new().try_run(async || {
    ///     let send: MockFn<fn()> = MockFn::new("send");
    ///     send.must_be_polled().nice();
    ///     drop(send.call(()));
    /// });
    ///
    /// assert!(failure.unwrap_err().to_string().contains("had never been polled"));
    /// ```
    pub fn must_be_polled(&self) -> &Self {
        self.shared().state().must_be_polled = true;
        self
    }

    /// Keeps no copies of arguments from now on, where copies would keep something alive: a sender, an `Arc`.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::Arc;
    /// use standstill::mock::MockFn;
    ///
    /// standstill::run(async || {
    ///     let send: MockFn<fn(Arc<str>)> = MockFn::new("send");
    ///     send.without_args().nice();
    ///     let text: Arc<str> = Arc::from("hello");
    ///     send.call(Arc::clone(&text)).await;
    ///
    ///     assert_eq!(Arc::strong_count(&text), 1);
    /// });
    /// ```
    pub fn without_args(&self) -> &Self {
        self.shared().keeps_arguments.store(false, Ordering::Relaxed);
        self
    }
}

/// Gives what the clones of a mock share, which is made when first needed.
fn made_by<'a>(
    shared: &'a OnceLock<Arc<Shared>>,
    name: &'static str,
    make: fn(&'static str) -> Arc<Shared>,
) -> &'a Arc<Shared> {
    shared.get_or_init(|| make(name))
}

impl<S: Signature> Clone for MockFn<S> {
    fn clone(&self) -> Self {
        Self { name: self.name, shared: OnceLock::from(Arc::clone(self.shared())), signature: PhantomData }
    }
}

impl<S: Signature> fmt::Debug for MockFn<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MockFn").field("name", &self.name).field("called", &self.called()).finish_non_exhaustive()
    }
}
