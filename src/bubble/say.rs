//! What this crate prints, all of it here, and decided elsewhere.

use std::io::{Write, stderr};

/// Says a text among what the test prints, which libtest shows where the test fails.
pub(crate) fn say(text: &str) {
    eprint!("{text}");
}

/// Says a text on the real standard error, which libtest does not keep to itself, and which has it before the process may end.
pub(crate) fn say_aloud(text: &str) {
    // What cannot be shown is no reason to fail.
    let _ = stderr().write_all(text.as_bytes());
}
