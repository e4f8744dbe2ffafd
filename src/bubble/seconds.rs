use std::fmt;
use std::time::Duration;

/// Shows a duration as reports do: `5.000 s`, with more digits only where there is more to show.
#[derive(Clone, Copy)]
pub(crate) struct Seconds(pub(crate) Duration);

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (seconds, nanos) = (self.0.as_secs(), self.0.subsec_nanos());
        let text = match nanos {
            n if n % 1_000_000 == 0 => format!("{seconds}.{:03} s", n / 1_000_000),
            n if n % 1_000 == 0 => format!("{seconds}.{:06} s", n / 1_000),
            n => format!("{seconds}.{n:09} s"),
        };
        f.pad(&text)
    }
}

impl fmt::Debug for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_digits_that_say_something_are_shown() {
        let shown = |nanos| Seconds(Duration::from_nanos(nanos)).to_string();

        assert_eq!(shown(5_000_000_000), "5.000 s");
        assert_eq!(shown(30_500_000), "0.030500 s");
        assert_eq!(shown(1), "0.000000001 s");
    }
}
