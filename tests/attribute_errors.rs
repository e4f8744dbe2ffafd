//! What the attribute refuses, and how it says so.

#[test]
fn each_error_says_at_its_span_what_is_accepted() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
