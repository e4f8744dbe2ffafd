//! `STANDSTILL_BLOCKING`, in processes of their own.

use std::fs;

use standstill::prelude::*;

use super::{alone, pause, said};

#[async_test]
#[ignore = "it may fail, in a process of its own"]
async fn a_sleep_and_a_file() {
    pause();
    fs::metadata("Cargo.toml").unwrap();
}

#[async_test(blocking(files = "deny"))]
#[ignore = "it may fail, in a process of its own"]
async fn a_sleep_and_a_file_that_is_denied() {
    pause();
    fs::metadata("Cargo.toml").unwrap();
}

#[async_test(blocking = "allow")]
#[ignore = "it may fail, in a process of its own"]
async fn a_sleep_and_a_file_that_are_allowed() {
    pause();
    fs::metadata("Cargo.toml").unwrap();
}

/// Whether a test of these passes, and what it says.
fn under(level: &str, test: &str) -> (bool, String) {
    let output = alone(&format!("scopes::environment::{test}"), &[("STANDSTILL_BLOCKING", level)]);
    let said = said(&output);
    assert!(said.contains("running 1 test"), "{said}");
    (output.status.success(), said)
}

const SLEEP: &str = "std::thread::sleep (1s)";
const FILE: &str = "std::fs::metadata (Cargo.toml)";

#[test]
fn empty_it_changes_nothing() {
    let (passes, said) = under("", "a_sleep_and_a_file");

    assert!(!passes && said.contains(SLEEP) && said.contains(FILE), "{said}");
}

#[test]
fn it_allows_all() {
    let (passes, said) = under("allow", "a_sleep_and_a_file");

    assert!(passes && !said.contains(SLEEP) && !said.contains(FILE), "{said}");
}

#[test]
fn it_has_all_warn() {
    let (passes, said) = under("warn", "a_sleep_and_a_file");

    assert!(passes && said.matches("standstill: warning: ").count() == 2, "{said}");
}

#[test]
fn it_sets_levels_by_category() {
    let (passes, said) = under("sleeps=allow, files=deny", "a_sleep_and_a_file");

    assert!(!passes && !said.contains("standstill: warning"), "{said}");
    assert!(
        said.contains("standstill: the body blocks its thread at 1.000 s: std::fs::metadata (Cargo.toml)"),
        "{said}"
    );
}

#[test]
fn it_sets_what_the_attribute_leaves_open() {
    let (passes, said) = under("allow", "a_sleep_and_a_file_that_is_denied");

    assert!(!passes && said.contains(FILE), "{said}");
    assert!(said.contains("note: the body blocks its thread at 0.000 s: std::thread::sleep (1s)"), "{said}");
}

#[test]
fn the_attribute_goes_before_it() {
    let (passes, said) = under("deny", "a_sleep_and_a_file_that_are_allowed");

    assert!(passes, "{said}");
}

#[test]
fn a_wrong_value_is_refused() {
    let (passes, said) = under("never", "a_sleep_and_a_file");

    assert!(!passes && said.contains("environment variable STANDSTILL_BLOCKING=never: "), "{said}");
    assert!(said.contains("allow, warn or deny"), "{said}");
}

#[test]
fn a_wrong_category_is_refused() {
    let (passes, said) = under("naps=deny", "a_sleep_and_a_file");

    assert!(
        !passes && said.contains("environment variable STANDSTILL_BLOCKING=naps=deny: expected one of dns, "),
        "{said}"
    );
}
