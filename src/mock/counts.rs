//! What is read off the calls of a mock.

use std::time::Duration;

use super::book::Book;
use super::calls::Calls;
use super::mock_fn::MockFn;
use super::signature::Signature;

impl<S: Signature> MockFn<S> {
    /// Gives the calls, in the order in which they were made.
    ///
    /// # Examples
    ///
    /// ```
    /// use standstill::mock::{MockFn, Outcome};
    ///
    /// standstill::run(async || {
    ///     let fetch: MockFn<fn(u64) -> u64> = MockFn::new("fetch");
    ///     fetch.nice();
    ///     fetch.call(7).await;
    ///
    ///     assert_eq!(fetch.calls()[0].args, 7);
    ///     assert_eq!(fetch.calls()[0].outcome, Outcome::Completed);
    /// });
    /// ```
    pub fn calls(&self) -> Calls<S> {
        Calls::of(self.shared())
    }

    /// Counts the calls that were made: `called = never_polled + in_flight + completed + cancelled`.
    ///
    /// # Examples
    ///
    /// ```
    /// use standstill::mock::MockFn;
    ///
    /// standstill::run(async || {
    ///     let fetch: MockFn<fn(u64) -> u64> = MockFn::new("fetch");
    ///     fetch.nice();
    ///     let call = fetch.call(7);
    ///     assert_eq!((fetch.called(), fetch.in_flight(), fetch.polled()), (1, 1, 0));
    ///
    ///     drop(call);
    ///     assert_eq!((fetch.called(), fetch.in_flight(), fetch.never_polled()), (1, 0, 1));
    /// });
    /// ```
    pub fn called(&self) -> usize {
        self.look(Book::called)
    }

    /// Counts the calls that were polled at least once.
    pub fn polled(&self) -> usize {
        self.look(Book::polled)
    }

    /// Counts the calls that gave their answer.
    pub fn completed(&self) -> usize {
        self.look(Book::completed)
    }

    /// Counts the calls that were dropped after a poll, before they had an answer; also those that panicked or were refused.
    pub fn cancelled(&self) -> usize {
        self.look(Book::cancelled)
    }

    /// Counts the calls that were dropped and had never been polled.
    pub fn never_polled(&self) -> usize {
        self.look(Book::never_polled)
    }

    /// Counts the calls whose futures are alive.
    pub fn in_flight(&self) -> usize {
        self.look(Book::in_flight)
    }

    fn look<T>(&self, look: impl FnOnce(&Book) -> T) -> T {
        look(&self.shared().state().book)
    }

    /// Gives the most calls that were in flight at once, from their first poll on.
    ///
    /// # Examples
    ///
    /// ```
    /// use standstill::{mock::MockFn, prelude::*};
    ///
    /// standstill::run(async || {
    ///     let fetch: MockFn<fn(u64) -> u64> = MockFn::new("fetch");
    ///     fetch.after(2.secs()).returns(49);
    ///     tokio::join!(fetch.call(7), fetch.call(8));
    ///     fetch.call(9).await;
    ///
    ///     assert_eq!(fetch.peak_in_flight(), 2);
    /// });
    /// ```
    pub fn peak_in_flight(&self) -> usize {
        self.look(Book::peak_in_flight)
    }

    /// Gives the pauses between the end of a call and the first poll of the next; zero where they overlap.
    ///
    /// # Examples
    ///
    /// ```
    /// use standstill::{mock::MockFn, prelude::*};
    /// use tokio::time::sleep;
    ///
    /// standstill::run(async || {
    ///     let fetch: MockFn<fn() -> bool> = MockFn::new("fetch");
    ///     fetch.after(3.secs()).sequence([false, false, true]);
    ///
    ///     let mut pause = 100.millis();
    ///     while !fetch.call(()).await {
    ///         sleep(pause).await;
    ///         pause *= 2;
    ///     }
    ///
    ///     assert_eq!(fetch.pauses(), [100.millis(), 200.millis()]);
    ///     assert_eq!(fetch.intervals(), [3_100.millis(), 3_200.millis()]);
    /// });
    /// ```
    pub fn pauses(&self) -> Vec<Duration> {
        let polled = self.first_polls();
        let pause =
            |pair: &[(Duration, Option<Duration>)]| pair[1].0.saturating_sub(pair[0].1.unwrap_or(Duration::MAX));
        polled.windows(2).map(pause).collect()
    }

    /// Gives the time from the first poll of a call to that of the next.
    pub fn intervals(&self) -> Vec<Duration> {
        self.first_polls().windows(2).map(|pair| pair[1].0 - pair[0].0).collect()
    }

    /// When each call was first polled and when it ended, in the order of the first polls, which need not be that of the calls.
    fn first_polls(&self) -> Vec<(Duration, Option<Duration>)> {
        let calls = self.calls();
        let mut polled: Vec<_> = calls.iter().filter_map(|call| Some((call.polled_at?, call.ended_at))).collect();
        polled.sort_by_key(|(polled_at, _)| *polled_at);
        polled
    }
}
