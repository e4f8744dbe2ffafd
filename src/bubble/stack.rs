use std::borrow::Cow;
use std::fmt::Write;
use std::fs;

use super::place::{in_full, is_elsewhere};
use super::symbol::{is_ours, plain};

/// A call that a thread is in, in the user's code.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Frame {
    file: String,
    line: usize,
    column: usize,
    /// `path:line:column`
    pub(crate) place: String,
    pub(crate) function: String,
    pub(crate) source: Option<String>,
}

impl Frame {
    pub(crate) fn new(function: &str, place: &str) -> Self {
        let place = place.strip_prefix("./").unwrap_or(place);
        let (file, line, column) = split(place);
        let file = file.to_owned();
        let text = fs::read_to_string(&file).ok();
        let source = text.and_then(|text| Some(text.lines().nth(line.checked_sub(1)?)?.trim().to_owned()));
        Self { file, line, column, place: place.to_owned(), function: plain(function), source }
    }
}

/// The file, line and column of a place.
fn split(place: &str) -> (&str, usize, usize) {
    let mut parts = place.rsplitn(3, ':');
    let mut number = || parts.next().and_then(|number| number.parse().ok()).unwrap_or(0);
    let (column, line) = (number(), number());
    (parts.next().unwrap_or(place), line, column)
}

/// Whether a place is inside a `derive(..)`, as the code is that one writes; where there is no source to look at, it is not known to be.
pub(crate) fn is_in_derive(place: &str) -> bool {
    let (file, line, column) = split(place);
    let Ok(text) = fs::read_to_string(file) else { return false };
    let lines: Vec<_> = text.split_inclusive('\n').take(line).collect();
    let Some((last, before)) = lines.split_last() else { return false };
    let start: String = last.chars().take(column.saturating_sub(1)).collect();
    let before = before.concat() + &start;
    before.rsplit_once("derive(").is_some_and(|(_, inside)| !inside.contains(')'))
}

/// Shows calls, each with its line.
pub(crate) fn write_frames(text: &mut String, frames: &[Frame]) {
    let width = frames.iter().map(|frame| frame.place.len()).max().unwrap_or(0);
    for frame in frames {
        writeln!(text, "  {:width$}  {}", frame.place, frame.function).unwrap();
        if let Some(source) = &frame.source {
            writeln!(text, "  {:width$}    {source}", "").unwrap();
        }
    }
}

/// The calls of a printed stack, innermost first: `(function, Some("file:line:column"))`.
pub(crate) fn calls(stack: &str) -> impl Iterator<Item = (Cow<'_, str>, Option<&str>)> {
    let mut lines = stack.lines().map(str::trim_start).peekable();
    let all = std::iter::from_fn(move || {
        let (_number, function) = lines.next()?.split_once(": ")?;
        let place = lines.next_if(|line| line.starts_with("at ")).map(|line| &line[3..]);
        Some((in_full(function, place), place))
    });
    // By which a signal's handler returns, for instance.
    all.filter(|(function, _)| function != "<unknown>")
}

pub(crate) fn is_users(function: &str, place: &str) -> bool {
    // Only libc's functions, which this crate defines too, have no path.
    function.contains("::") && !is_elsewhere(place) && !is_ours(function)
}
