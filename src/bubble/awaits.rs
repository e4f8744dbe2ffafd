use std::backtrace::Backtrace;
use std::fs;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use super::lock;
use crate::os;

/// One way in which a future waits: the awaits from the outermost down to the leaf.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Chain {
    /// In the user's crates only, the leaf last.
    pub(crate) frames: Vec<Frame>,
    /// What the leaf awaits, by the name of its type or method.
    pub(crate) waits_for: Option<String>,
    /// Whether a timer would wake it.
    pub(crate) is_timed: bool,
}

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

/// Polls a future once more, with a waker that notes who keeps a clone of it.
///
/// What waits must have kept a waker, and the stack at that moment is the chain of awaits.
pub(crate) fn trace<F: Future + ?Sized>(future: Pin<&mut F>, waker: &Waker) -> (Poll<F::Output>, Vec<Chain>) {
    let stacks = Arc::new(Mutex::new(Vec::new()));
    let recording = os::on_clone(waker.clone(), {
        let stacks = Arc::clone(&stacks);
        move || lock(&stacks).push(Backtrace::force_capture())
    });
    let polled = future.poll(&mut Context::from_waker(&recording));

    let mut chains: Vec<_> = lock(&stacks).iter().map(|stack| Chain::parse(&stack.to_string())).collect();
    // `select!` polls its branches in random order, and a report must not be random.
    chains.sort();
    chains.dedup();
    (polled, chains)
}

impl Chain {
    fn parse(stack: &str) -> Self {
        let mut chain = Self { frames: Vec::new(), waits_for: None, is_timed: false };
        let mut telling = Vec::new();
        for (function, place) in calls(stack) {
            if function.contains("standstill::harness::root") || function.contains("standstill::task::watched") {
                break;
            }
            if place.is_some_and(|place| is_users(function, place)) {
                let frame = Frame::new(function, place.unwrap_or_default());
                if chain.frames.last().is_none_or(|last| last.place != frame.place) {
                    chain.frames.push(frame);
                }
            } else if chain.frames.is_empty() {
                chain.is_timed |= function.contains("tokio::time::") || function.contains("tokio::runtime::time::");
                if is_telling(function) {
                    telling.push(plain(function));
                }
            }
        }
        // A macro such as `select!` puts frames of the user's own functions at the library's lines.
        let own = chain.frames.first().map_or("", |leaf| crate_of(&leaf.function));
        chain.waits_for = telling.into_iter().rfind(|function| crate_of(function) != own);
        chain.frames.reverse();
        chain
    }
}

impl Frame {
    fn new(function: &str, place: &str) -> Self {
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

/// The calls of a printed stack, innermost first: `(function, Some("file:line:column"))`.
fn calls(stack: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    let mut lines = stack.lines().map(str::trim_start).peekable();
    std::iter::from_fn(move || {
        let (_number, function) = lines.next()?.split_once(": ")?;
        let place = lines.next_if(|line| line.starts_with("at ")).map(|line| &line[3..]);
        Some((function, place))
    })
}

fn is_users(function: &str, place: &str) -> bool {
    let elsewhere = ["/rustc/", "/rustlib/src/", "/registry/src/", "/git/checkouts/"];
    !elsewhere.iter().any(|part| place.contains(part)) && !is_ours(function)
}

fn is_ours(function: &str) -> bool {
    function.trim_start_matches('<').starts_with("standstill::")
}

fn crate_of(function: &str) -> &str {
    function.split("::").next().unwrap_or(function)
}

/// Whether a library's function says what is waited for, rather than how.
fn is_telling(function: &str) -> bool {
    let how = ["core::", "std::", "alloc::", "tokio::time::timeout::", "standstill::os::", "standstill::bubble::"];
    let name = function.trim_start_matches('<');
    !how.iter().any(|crate_| name.starts_with(crate_)) && name.contains("::")
}

/// A function's name without type arguments, closures and trait: `tokio::sync::oneshot::Receiver`.
fn plain(function: &str) -> String {
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

    #[test]
    fn the_chain_goes_from_the_outermost_await_to_the_leaf_in_the_user_s_crates() {
        let stack = "   0: standstill::os::waker::clone
             at /home/me/standstill/src/os/waker.rs:30:5
   1: <tokio::sync::oneshot::Receiver<T> as core::future::future::Future>::poll
             at /home/me/.cargo/registry/src/index/tokio-1.54.1/src/sync/oneshot.rs:1:2
   2: shop::reply::{{closure}}
             at ./src/nowhere.rs:12:8
   3: <core::pin::Pin<P> as core::future::future::Future>::poll
             at /rustc/abc/library/core/src/future/future.rs:1:2
   4: shop::order::{{closure}}
             at ./src/nowhere.rs:31:30
   5: standstill::harness::root::poll
";

        let chain = Chain::parse(stack);

        let frames: Vec<_> = chain.frames.iter().map(|frame| (&*frame.function, &*frame.place)).collect();
        assert_eq!(frames, [("shop::order", "src/nowhere.rs:31:30"), ("shop::reply", "src/nowhere.rs:12:8")]);
        assert_eq!(chain.waits_for.as_deref(), Some("tokio::sync::oneshot::Receiver"));
        assert!(!chain.is_timed);
    }
}
