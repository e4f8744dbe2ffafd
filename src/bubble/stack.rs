use std::fmt::Write;
use std::fs;

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
        let mut parts = place.rsplitn(3, ':');
        let mut number = || parts.next().and_then(|number| number.parse().ok()).unwrap_or(0);
        let (column, line): (usize, usize) = (number(), number());
        let file = parts.next().unwrap_or(place).to_owned();
        let text = fs::read_to_string(&file).ok();
        let source = text.and_then(|text| Some(text.lines().nth(line.checked_sub(1)?)?.trim().to_owned()));
        Self { file, line, column, place: place.to_owned(), function: plain(function), source }
    }
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
pub(crate) fn calls(stack: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    let mut lines = stack.lines().map(str::trim_start).peekable();
    std::iter::from_fn(move || {
        let (_number, function) = lines.next()?.split_once(": ")?;
        let place = lines.next_if(|line| line.starts_with("at ")).map(|line| &line[3..]);
        Some((function, place))
    })
}

pub(crate) fn is_users(function: &str, place: &str) -> bool {
    let elsewhere = ["/rustc/", "/rustlib/src/", "/registry/src/", "/git/checkouts/"];
    // Only libc's functions, which this crate defines too, have no path.
    function.contains("::") && !elsewhere.iter().any(|part| place.contains(part)) && !is_ours(function)
}

pub(crate) fn is_ours(function: &str) -> bool {
    function.trim_start_matches('<').starts_with("standstill::")
}

pub(crate) fn crate_of(function: &str) -> &str {
    function.split("::").next().unwrap_or(function)
}

/// A function's name without type arguments, closures and trait: `tokio::sync::oneshot::Receiver`.
pub(crate) fn plain(function: &str) -> String {
    // Of `<Type as Trait>::method`, the trait goes, and the method too where it only says that the type is a future.
    let name = match function.strip_prefix('<').and_then(|inner| inner.split_once(" as ")) {
        Some((of, rest)) => match rest.rsplit_once(">::") {
            Some((_, method)) if !method.starts_with("poll") => format!("{of}::{method}"),
            _ => of.to_owned(),
        },
        None => function.strip_prefix('<').unwrap_or(function).to_owned(),
    };
    let mut depth = 0_usize;
    let mut bare = String::new();
    for letter in name.chars() {
        match letter {
            '<' => depth += 1,
            '>' => depth = depth.saturating_sub(1),
            _ if depth == 0 => bare.push(letter),
            _ => {}
        }
    }
    let mut parts: Vec<_> = bare.split("::").filter(|part| !part.is_empty() && !part.starts_with('{')).collect();
    // Our own items are re-exported by the floor above their file.
    if parts.len() > 3 && parts[0] == "standstill" {
        parts.remove(2);
    }
    parts.join("::")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_loses_what_only_the_compiler_needs() {
        let cases = [
            (
                "<tokio::sync::oneshot::Receiver<T> as core::future::future::Future>::poll",
                "tokio::sync::oneshot::Receiver",
            ),
            ("<shop::Bank as shop::Gateway>::pay::{{closure}}", "shop::Bank::pay"),
            ("<standstill::task::handle::Join<H,T> as core::future::future::Future>::poll", "standstill::task::Join"),
            (
                "tokio::sync::mpsc::bounded::Receiver<T>::recv::{{closure}}",
                "tokio::sync::mpsc::bounded::Receiver::recv",
            ),
            ("shop::tests::orders::{{closure}}::{{closure}}", "shop::tests::orders"),
            (
                "<tokio::sync::mpsc::bounded::Receiver<i32>>::recv::{closure#0}",
                "tokio::sync::mpsc::bounded::Receiver::recv",
            ),
        ];
        for (symbol, name) in cases {
            assert_eq!(plain(symbol), name);
        }
    }
}
