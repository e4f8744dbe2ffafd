//! What a run says that it found.

use std::cell::Cell;

use standstill::Builder;
use standstill::blocking::{Category, Policy};
use standstill::{Kind, Level};

/// A finding, as the report of a failed run has it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) call: String,
    /// `file:line`
    pub(crate) place: String,
    pub(crate) count: u64,
    pub(crate) who: String,
}

thread_local! {
    static PLACE: Cell<Option<(&'static str, u32)>> = const { Cell::new(None) };
}

/// Makes a call, and notes its line as the one that a report must name.
macro_rules! at {
    ($call:expr) => {{
        $crate::found::note(file!(), line!());
        $call
    }};
}
pub(crate) use at;

pub(crate) fn note(file: &'static str, line: u32) {
    PLACE.set(Some((file, line)));
}

/// The line that [`at!`] noted last on this thread, as `file:line`.
pub(crate) fn place() -> String {
    let (file, line) = PLACE.get().expect("a call was made by at!");
    format!("{file}:{line}")
}

/// Runs a body in which one call blocks, made by [`at!`], and asserts that it alone is found, once.
#[track_caller]
pub(crate) fn one<T>(category: Category, call: &str, body: impl AsyncFnOnce() -> T) {
    times(1, category, call, body);
}

/// As [`one`], where the call blocks so many times.
#[track_caller]
pub(crate) fn times<T>(count: u64, category: Category, call: &str, body: impl AsyncFnOnce() -> T) {
    let found = found(category, Builder::new(), body);
    assert_eq!(found, [Found { call: call.to_owned(), place: place(), count, who: "the body".to_owned() }]);
}

/// Runs a body, and tells what of a category is held against it; of others there must be nothing.
#[track_caller]
pub(crate) fn found<T>(category: Category, builder: Builder, body: impl AsyncFnOnce() -> T) -> Vec<Found> {
    let policy = Policy::all(Level::Warn).level(category, Level::Deny);
    let Err(failure) = builder.blocking(policy).try_run(body) else { return Vec::new() };
    assert_eq!(failure.kind(), Kind::Blocking, "{failure}");
    let report = failure.to_string();
    assert!(!report.contains("\nnote: "), "{report}");
    let report = report.strip_prefix("standstill: ").expect("a report says whose it is");
    report.split("\nalso: ").map(read).collect()
}

fn read(report: &str) -> Found {
    let mut lines = report.lines();
    let headline = lines.next().unwrap();
    let (who, rest) = headline.split_once(" blocks its thread at ").expect(headline);
    let (_, call) = rest.split_once(": ").expect(headline);
    let count = call.rsplit_once(", ").and_then(|(_, count)| count.strip_suffix(" times")?.parse().ok()).unwrap_or(1);
    let is_behind =
        |line: &&str| ["  it is a library's", "  until it returns"].iter().any(|start| line.starts_with(start));
    let place = lines.take_while(|line| !is_behind(line)).filter(|line| !line.starts_with("   ")).last();
    let place = place.and_then(|line| line.split_whitespace().next()?.rsplit_once(':')).expect(report).0;
    Found {
        call: call.split([' ', ',']).next().unwrap().to_owned(),
        place: place.to_owned(),
        count,
        who: who.to_owned(),
    }
}
