use std::env;
use std::fs;
use std::path::PathBuf;

use crate::bubble::{Bubble, Log, say_aloud};
use crate::harness::Identity;

/// Names the one test that a process was started for.
pub(super) const TEST: &str = "STANDSTILL_CHILD";

/// Names the file that the test's log goes to.
pub(super) const LOG: &str = "STANDSTILL_CHILD_LOG";

/// Between these two lines stands what the test printed, and before and after them what libtest did.
pub(super) const BEGIN: &str = "\u{2}standstill begins\n";
pub(super) const END: &str = "\u{3}standstill ends\n";

/// This process, if it was started for one run of a test.
pub(in crate::harness) struct Child {
    log: Option<PathBuf>,
}

impl Child {
    pub(in crate::harness) fn of(test: &Identity) -> Option<Self> {
        // A process that the test itself starts is a child too, but not of this test's runs.
        (env::var(TEST).ok()? == test.test()).then(|| Self { log: env::var_os(LOG).map(PathBuf::from) })
    }

    pub(in crate::harness) fn begin(&self, bubble: &Bubble) {
        say_aloud(BEGIN);
        if self.log.is_some() {
            bubble.log(Log::put_calls_in_words);
        }
    }

    pub(in crate::harness) fn end(&self, bubble: &Bubble) {
        say_aloud(END);
        if let Some(path) = &self.log {
            let written = fs::write(path, bubble.log(|log| log.text()));
            written.unwrap_or_else(|error| panic!("the log could not be written to {}: {error}", path.display()));
        }
    }
}
