use std::fmt;
use std::ops::{Range, RangeFrom, RangeFull, RangeInclusive, RangeTo, RangeToInclusive};

/// How often a rule is to be used: a number, or a range.
///
/// # Examples
///
/// ```
/// use standstill::mock::Times;
///
/// assert_eq!(Times::from(2).to_string(), "exactly 2 calls");
/// assert_eq!(Times::from(1..).to_string(), "at least 1 call");
/// assert_eq!(Times::from(1..=3).to_string(), "1 to 3 calls");
/// assert_eq!(Times::from(..=3).to_string(), "at most 3 calls");
/// assert_eq!(Times::from(0).to_string(), "no calls");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    pub(super) least: usize,
    pub(super) most: Option<usize>,
}

impl Times {
    #[track_caller]
    fn new(least: usize, most: Option<usize>) -> Self {
        assert!(most.is_none_or(|most| least <= most), "expected a number of calls, got an empty range");
        Self { least, most }
    }
}

impl From<usize> for Times {
    fn from(count: usize) -> Self {
        Self::new(count, Some(count))
    }
}

impl From<RangeInclusive<usize>> for Times {
    #[track_caller]
    fn from(range: RangeInclusive<usize>) -> Self {
        Self::new(*range.start(), Some(*range.end()))
    }
}

impl From<Range<usize>> for Times {
    #[track_caller]
    fn from(range: Range<usize>) -> Self {
        assert!(range.start < range.end, "expected a number of calls, got an empty range");
        Self::new(range.start, Some(range.end - 1))
    }
}

impl From<RangeFrom<usize>> for Times {
    fn from(range: RangeFrom<usize>) -> Self {
        Self::new(range.start, None)
    }
}

impl From<RangeToInclusive<usize>> for Times {
    fn from(range: RangeToInclusive<usize>) -> Self {
        Self::new(0, Some(range.end))
    }
}

impl From<RangeTo<usize>> for Times {
    #[track_caller]
    fn from(range: RangeTo<usize>) -> Self {
        Self::from(0..range.end)
    }
}

impl From<RangeFull> for Times {
    fn from(_: RangeFull) -> Self {
        Self::new(0, None)
    }
}

impl fmt::Display for Times {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let calls = |count: usize| if count == 1 { "call" } else { "calls" };
        match (self.least, self.most) {
            (0, None) => f.write_str("any number of calls"),
            (0, Some(0)) => f.write_str("no calls"),
            (least, None) => write!(f, "at least {least} {}", calls(least)),
            (least, Some(most)) if least == most => write!(f, "exactly {most} {}", calls(most)),
            (0, Some(most)) => write!(f, "at most {most} {}", calls(most)),
            (least, Some(most)) => write!(f, "{least} to {most} calls"),
        }
    }
}
