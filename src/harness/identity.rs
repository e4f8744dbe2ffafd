use std::fmt;
use std::time::{Duration, SystemTime};

use super::{profile, seed};

/// How to run one test again.
#[derive(Clone, Debug)]
pub struct Identity {
    package: &'static str,
    /// As libtest has it: the path without the crate's name.
    test: String,
    /// To be set, if it is not the test's own.
    seed: Option<u64>,
    /// When it began on the system's clock, since 1970, if it has asked that clock.
    date: Option<Duration>,
}

impl Identity {
    /// Takes what `CARGO_PKG_NAME`, `module_path!` and the function's name give.
    pub fn new(package: &'static str, module: &str, function: &str) -> Self {
        let test = match module.split_once("::") {
            Some((_crate, module)) => format!("{module}::{function}"),
            None => function.to_owned(),
        };
        Self { package, test, seed: None, date: None }
    }

    /// The same test, under a seed.
    pub(super) fn under(&self, seed: Option<u64>) -> Self {
        Self { seed, ..self.clone() }
    }

    /// The same test, at a date.
    pub(super) fn dated(&self, date: Option<Duration>) -> Self {
        Self { date, ..self.clone() }
    }

    /// The test's path.
    pub(super) fn test(&self) -> &str {
        &self.test
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(seed) = self.seed {
            write!(f, "{}={seed} ", seed::VARIABLE)?;
        }
        write!(f, "cargo test{} -p {} {} -- --exact", profile::option(), self.package, self.test)?;
        if let Some(date) = self.date {
            let date = humantime::format_rfc3339(SystemTime::UNIX_EPOCH + date);
            write!(f, "\n  for the same date again, with start_time = \"{date}\"")?;
        }
        Ok(())
    }
}
