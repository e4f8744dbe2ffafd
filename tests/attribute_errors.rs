//! What the attribute refuses, and how it says so.

use std::env;
use std::process::Command;

/// Part of each text is the compiler's own, and other words in other versions.
const COMPILER: &str = "rustc 1.95.";

#[test]
fn each_error_says_at_its_span_what_is_accepted() {
    let compiler = Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into())).arg("-V").output().unwrap();
    let compiler = String::from_utf8(compiler.stdout).unwrap();
    if compiler.starts_with(COMPILER) {
        trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
    } else {
        eprintln!("skipped: the texts are those of {COMPILER}, and this is {compiler}");
    }
}
