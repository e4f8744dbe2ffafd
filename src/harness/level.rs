use std::str::FromStr;

/// Says what a finding does to the test.
///
/// # Examples
///
/// ```
/// use standstill::Level;
///
/// assert_eq!("deny".parse(), Ok(Level::Deny));
/// assert!("denied".parse::<Level>().unwrap_err().contains("expected allow, warn or deny"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// It passes; if the test fails for another reason, it is listed there.
    Allow,
    /// It passes, with a line on the real standard error, once a process.
    Warn,
    /// The test fails.
    Deny,
}

impl FromStr for Level {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "allow" => Ok(Self::Allow),
            "warn" => Ok(Self::Warn),
            "deny" => Ok(Self::Deny),
            other => Err(format!("expected allow, warn or deny, got {other:?}")),
        }
    }
}
