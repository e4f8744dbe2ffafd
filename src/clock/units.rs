use std::time::Duration;

/// Writes durations as people say them: `5.secs()`, `250.millis()`.
///
/// Comes with the [prelude](crate::prelude).
///
/// # Panics
///
/// The larger units panic where the duration would not fit.
///
/// # Examples
///
/// ```
/// use standstill::prelude::*;
/// use std::time::Duration;
///
/// assert_eq!(90.mins() + 250.millis(), Duration::from_millis(5_400_250));
/// assert_eq!(1.days(), 24.hours());
/// ```
pub trait Units {
    /// Gives so many nanoseconds.
    fn nanos(self) -> Duration;
    /// Gives so many microseconds.
    fn micros(self) -> Duration;
    /// Gives so many milliseconds.
    fn millis(self) -> Duration;
    /// Gives so many seconds.
    fn secs(self) -> Duration;
    /// Gives so many minutes.
    fn mins(self) -> Duration;
    /// Gives so many hours.
    fn hours(self) -> Duration;
    /// Gives so many days of 24 hours.
    fn days(self) -> Duration;
}

impl Units for u64 {
    fn nanos(self) -> Duration {
        Duration::from_nanos(self)
    }

    fn micros(self) -> Duration {
        Duration::from_micros(self)
    }

    fn millis(self) -> Duration {
        Duration::from_millis(self)
    }

    fn secs(self) -> Duration {
        Duration::from_secs(self)
    }

    fn mins(self) -> Duration {
        Duration::from_mins(self)
    }

    fn hours(self) -> Duration {
        Duration::from_hours(self)
    }

    fn days(self) -> Duration {
        Duration::from_hours(self.checked_mul(24).expect("a duration of so many days does not fit"))
    }
}
