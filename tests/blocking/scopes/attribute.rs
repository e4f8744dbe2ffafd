//! The forms of the attribute's option.

use std::fs;

use standstill::prelude::*;

use super::{alone, pause, said};

mod legacy {
    pub(super) fn warm_up() {
        super::pause();
        // So that no optimiser takes it for another one, or for its last call.
        std::hint::black_box(5);
    }
}

#[async_test(blocking = "allow")]
async fn all_may_be_allowed() {
    pause();
}

#[async_test(blocking = "warn")]
async fn all_may_only_warn() {
    pause();
}

#[async_test(blocking = "deny")]
#[ignore = "it fails, in a process of its own"]
async fn a_file_where_all_is_denied() {
    fs::metadata("Cargo.toml").unwrap();
}

#[async_test(blocking(files = "deny"))]
#[ignore = "it fails, in a process of its own"]
async fn a_file_where_files_are_denied() {
    fs::metadata("Cargo.toml").unwrap();
}

#[async_test(blocking(sleeps = "allow", locks = "allow"))]
async fn a_category_may_be_allowed() {
    pause();
}

#[async_test(blocking(allow_in = "blocking::scopes::attribute::legacy"))]
async fn a_module_may_block() {
    legacy::warm_up();
}

#[async_test(blocking(files = "deny", allow_in = ["blocking::scopes::attribute::legacy", "std::fs::metadata"]))]
async fn several_functions_may_block() {
    legacy::warm_up();
    fs::metadata("Cargo.toml").unwrap();
}

#[async_test(blocking(allow_in = "blocking::scopes::attribute::legacy"))]
#[ignore = "it fails, in a process of its own"]
async fn a_rule_that_meets_nothing() {}

/// Blocks when it is dropped.
struct Slow;

impl Drop for Slow {
    fn drop(&mut self) {
        pause();
    }
}

#[async_test]
#[ignore = "it fails, in a process of its own"]
async fn a_guard_that_blocks_at_the_end() {
    let _slow = Slow;
    tokio::task::yield_now().await;
}

const END: u32 = line!() - 2;

/// Asserts that a test of these fails, and that it says so.
#[track_caller]
fn fails(test: &str, says: &str) {
    let output = alone(&format!("scopes::attribute::{test}"), &[]);
    let said = said(&output);

    assert!(said.contains("running 1 test"), "{said}");
    assert_eq!(output.status.code(), Some(101), "{said}");
    assert!(said.contains(says), "{said}");
}

#[test]
fn all_may_be_denied() {
    fails("a_file_where_all_is_denied", "the body blocks its thread at 0.000 s: std::fs::metadata (Cargo.toml)");
}

#[test]
fn a_category_may_be_denied() {
    fails("a_file_where_files_are_denied", "the body blocks its thread at 0.000 s: std::fs::metadata (Cargo.toml)");
}

#[test]
fn a_rule_of_the_attribute_must_meet_a_call() {
    fails(
        "a_rule_that_meets_nothing",
        "standstill: \"blocking::scopes::attribute::legacy\" may block (`allow_in`), but made no blocking call",
    );
}

#[test]
fn what_is_dropped_at_the_end_is_at_the_closing_brace() {
    fails("a_guard_that_blocks_at_the_end", &format!("tests/blocking/scopes/attribute.rs:{END}:1 "));
}
