use std::fmt::Debug;
use std::fmt::Write;

use super::MockFn;
use super::called::{Called, Outcome};
use super::compare::{Compare, Differ};
use super::parting::raise;
use super::report;
use super::shown::expected as shown;
use super::signature::Signature;
use super::state::Shared;

/// Assertions. They look at the calls that were polled, since others had no effect; their failures list all calls.
impl<S: Signature> MockFn<S> {
    /// Asserts that the calls had these arguments, in this order.
    ///
    /// # Panics
    ///
    /// Panics if they had not, and if the arguments could not be kept.
    ///
    /// # Examples
    ///
    /// ```
    /// use standstill::mock::MockFn;
    ///
    /// standstill::run(async || {
    ///     let send: MockFn<fn(u64, String) -> bool> = MockFn::new("send");
    ///     send.returns(true);
    ///
    ///     send.call((7, "seven".to_owned())).await;
    ///
    ///     send.assert_calls([(7, "seven")]);
    /// });
    /// ```
    #[track_caller]
    pub fn assert_calls<E: Debug>(&self, expected: impl IntoIterator<Item = E>)
    where
        S::Kept: Differ<E>,
    {
        let expected: Vec<_> = expected.into_iter().collect();
        let calls = self.calls();
        let polled: Vec<_> = calls.polled().collect();
        // Not in a closure, which would hide the caller's line.
        let mut differs = None;
        for (place, (call, expected)) in polled.iter().zip(&expected).enumerate() {
            if differs.is_none() && call.args != *expected {
                differs = Some(place);
            }
        }
        let differs = differs.or((polled.len() != expected.len()).then(|| polled.len().min(expected.len())));
        let Some(first) = differs else { return };
        let mut text = format!("{} saw other calls than expected", self.name());
        writeln!(text, "\nexpected").unwrap();
        for (number, expected) in (1..).zip(&expected) {
            writeln!(text, "  {number}. {}", shown(expected)).unwrap();
        }
        if expected.is_empty() {
            writeln!(text, "  no calls").unwrap();
        }
        write!(text, "they differ first at number {}", first + 1).unwrap();
        match (expected.get(first), polled.get(first)) {
            (Some(expected), Some(call)) => {
                if call.number != first + 1 {
                    write!(text, ", which is call {}: those that were not polled do not count", call.number).unwrap();
                }
                for difference in call.args.differences(expected) {
                    write!(text, "\n{difference}").unwrap();
                }
            }
            (Some(expected), None) => write!(text, ": expected {}, saw no such call", shown(expected)).unwrap(),
            (None, Some(call)) => write!(text, ": expected no such call, saw ({})", call.args.text()).unwrap(),
            (None, None) => {}
        }
        // Those after it are as expected, if it is but one call more or less.
        let (expected, polled) = (&expected[first..], &polled[first..]);
        if expected.len() > 1 && expected.len() == polled.len() + 1 && are_equal(polled, &expected[1..]) {
            write!(text, "\nthe call expected there is missing, and those after it are as expected").unwrap();
        }
        if polled.len() > 1 && polled.len() == expected.len() + 1 && are_equal(&polled[1..], expected) {
            write!(text, "\nthe call seen there is one too many, and those after it are as expected").unwrap();
        }
        self.shared().fail(&text);
    }

    /// Asserts that there was one call, with these arguments.
    ///
    /// # Panics
    ///
    /// Panics if there was not, and if the arguments could not be kept.
    ///
    /// # Examples
    ///
    /// ```
    /// use standstill::mock::MockFn;
    ///
    /// standstill::run(async || {
    ///     let fetch: MockFn<fn(u64) -> u64> = MockFn::new("fetch");
    ///     fetch.nice();
    ///     fetch.call(7).await;
    ///
    ///     fetch.assert_called_once_with(7);
    /// });
    /// ```
    #[track_caller]
    pub fn assert_called_once_with<E: Debug>(&self, expected: E)
    where
        S::Kept: Differ<E>,
    {
        let calls = self.calls();
        let polled: Vec<_> = calls.polled().collect();
        match &*polled {
            [call] if call.args == expected => {}
            [] => {
                self.shared().fail(&format!("{} expected one call with {}, saw none", self.name(), shown(&expected)));
            }
            calls => {
                let mut equal = 0;
                for call in calls {
                    equal += usize::from(call.args == expected);
                }
                let saw = match (calls.len(), equal) {
                    (1, _) => "one with other arguments".to_owned(),
                    (count, 0) => format!("{count} calls, none of them with these arguments"),
                    (count, equal) => format!("{count} calls, {equal} of them with these arguments"),
                };
                let mut text = format!("{} expected one call with {}, saw {saw}", self.name(), shown(&expected));
                if equal == 0 {
                    let differences = calls.iter().map(|call| (call.number, call.args.differences(&expected)));
                    let closest = differences.min_by_key(|(_, differences)| differences.len());
                    let (number, differences) = closest.expect("there is a call");
                    if calls.len() > 1 {
                        write!(text, "\nthe closest is number {number}").unwrap();
                    }
                    for difference in differences {
                        write!(text, "\n{difference}").unwrap();
                    }
                }
                self.shared().fail(&text);
            }
        }
    }

    /// Asserts that no call was made, not even one that was not polled.
    ///
    /// # Panics
    ///
    /// Panics if one was.
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
    ///     fetch.assert_never_called();
    /// });
    /// ```
    #[track_caller]
    pub fn assert_never_called(&self) {
        let count = self.called();
        if count > 0 {
            self.shared().fail(&format!("{} expected no call, saw {count}", self.name()));
        }
    }

    /// Asserts that every call that was made gave its answer.
    ///
    /// # Panics
    ///
    /// Panics if one is in flight, was cancelled, was never polled or panicked.
    ///
    /// # Examples
    ///
    /// ```
    /// use standstill::mock::MockFn;
    ///
    /// standstill::run(async || {
    ///     let fetch: MockFn<fn(u64) -> u64> = MockFn::new("fetch");
    ///     fetch.nice();
    ///     fetch.call(7).await;
    ///
    ///     fetch.assert_all_completed();
    /// });
    /// ```
    #[track_caller]
    pub fn assert_all_completed(&self) {
        let calls = self.calls();
        if let Some(call) = calls.iter().find(|call| call.outcome != Outcome::Completed) {
            self.shared().fail(&format!(
                "{} expected all calls to complete; number {} did not",
                self.name(),
                call.number
            ));
        }
    }

    /// Verifies the rules as the end of the test would, then forgets them and the calls.
    ///
    /// # Panics
    ///
    /// Panics if something is not as expected.
    ///
    /// # Examples
    ///
    /// ```
    /// use standstill::mock::MockFn;
    ///
    /// standstill::run(async || {
    ///     let fetch: MockFn<fn(u64) -> u64> = MockFn::new("fetch");
    ///     fetch.returns(7).times(1);
    ///     assert_eq!(fetch.call(1).await, 7);
    ///     fetch.checkpoint();
    ///
    ///     fetch.returns(8);
    ///     assert_eq!(fetch.call(1).await, 8);
    ///     assert_eq!(fetch.called(), 1);
    /// });
    /// ```
    #[track_caller]
    pub fn checkpoint(&self) {
        raise(&self.shared().close());
    }
}

fn are_equal<S: Signature, E>(calls: &[&Called<S>], expected: &[E]) -> bool
where
    S::Kept: Compare<E>,
{
    calls.iter().zip(expected).all(|(call, expected)| call.args == *expected)
}

impl Shared {
    /// Panics as an assertion does, with all the calls.
    #[track_caller]
    fn fail(&self, what: &str) -> ! {
        panic!("{what}\n{}", report::calls(&self.records()))
    }
}
