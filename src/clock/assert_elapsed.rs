use std::fmt;
use std::ops::{Bound, Range, RangeBounds, RangeFrom, RangeInclusive, RangeTo, RangeToInclusive};
use std::time::Duration;

use crate::bubble::Seconds;

/// Asserts how much virtual time has passed: exactly so much, or within a range.
///
/// With one argument, since the start of the test; with two, since the instant that comes first (tokio's `Instant`,
/// as [`clock::now`](crate::clock::now) gives it).
///
/// # Panics
///
/// Panics if it does not hold, and outside a bubble.
///
/// # Examples
///
/// ```
/// use standstill::{assert_elapsed, clock, prelude::*};
///
/// standstill::run(async || {
///     tokio::time::sleep(5.secs()).await;
///     assert_elapsed!(5.secs());
///
///     let start = clock::now();
///     tokio::time::sleep(250.millis()).await;
///     assert_elapsed!(start, 250.millis());
///     assert_elapsed!(start, 200.millis()..=300.millis());
/// });
/// ```
#[macro_export]
macro_rules! assert_elapsed {
    ($expected:expr $(,)?) => {
        $crate::clock::check_elapsed($crate::clock::elapsed(), "the start of the test", &$expected)
    };
    ($start:expr, $expected:expr $(,)?) => {
        $crate::clock::check_elapsed($crate::clock::now().duration_since($start), "the given start", &$expected)
    };
}

/// What [`assert_elapsed!`](crate::assert_elapsed) compares with: a duration, or a range of them.
pub trait ElapsedTime {
    /// Says whether so much time is what was expected.
    fn allows(&self, elapsed: Duration) -> bool;

    /// Says in words what was expected.
    fn describe(&self) -> String;
}

impl ElapsedTime for Duration {
    fn allows(&self, elapsed: Duration) -> bool {
        *self == elapsed
    }

    fn describe(&self) -> String {
        format!("exactly {}", Seconds(*self))
    }
}

macro_rules! ranges {
    ($($range:ty),*) => {$(
        impl ElapsedTime for $range {
            fn allows(&self, elapsed: Duration) -> bool {
                self.contains(&elapsed)
            }

            fn describe(&self) -> String {
                InWords(self).to_string()
            }
        }
    )*};
}

ranges!(Range<Duration>, RangeInclusive<Duration>, RangeFrom<Duration>, RangeTo<Duration>, RangeToInclusive<Duration>);

/// Shows a range of durations in words.
pub(crate) struct InWords<'a, R>(pub(crate) &'a R);

impl<R: RangeBounds<Duration>> fmt::Display for InWords<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let least = match self.0.start_bound() {
            Bound::Included(least) => Some(format!("at least {}", Seconds(*least))),
            Bound::Excluded(least) => Some(format!("more than {}", Seconds(*least))),
            Bound::Unbounded => None,
        };
        let most = match self.0.end_bound() {
            Bound::Included(most) => Some(format!("at most {}", Seconds(*most))),
            Bound::Excluded(most) => Some(format!("less than {}", Seconds(*most))),
            Bound::Unbounded => None,
        };
        let both: Vec<_> = least.into_iter().chain(most).collect();
        f.write_str(if both.is_empty() { "anything" } else { "" })?;
        f.write_str(&both.join(" and "))
    }
}

/// Does what [`assert_elapsed!`](crate::assert_elapsed) says.
///
/// # Panics
///
/// Panics if the time that has passed is not what was expected.
#[track_caller]
#[doc(hidden)]
pub fn check_elapsed(elapsed: Duration, since: &str, expected: &impl ElapsedTime) {
    assert!(
        expected.allows(elapsed),
        "assert_elapsed! expected {} since {since}, but {} have passed",
        expected.describe(),
        Seconds(elapsed)
    );
}
