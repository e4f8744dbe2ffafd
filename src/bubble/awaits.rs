use std::backtrace::Backtrace;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use super::lock;
use super::stack::{Frame, calls, is_users};
#[cfg(seam)]
use super::symbol::of_socket;
use super::symbol::{begins_a_poll, crate_of, plain};
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
    /// Of a thread's stack: what it waits for is what the last of the user's functions called, by the kind of its socket if it is one.
    #[cfg(seam)]
    pub(crate) fn of_thread(stack: &str, socket: os::Socket) -> Self {
        let mut chain = Self::parse(stack);
        let called = calls(stack)
            .take_while(|(function, place)| !place.is_some_and(|place| is_users(function, place)))
            .map(|(function, _)| of_socket(plain(&function), socket))
            .last();
        chain.waits_for = called.filter(|_| !chain.frames.is_empty());
        chain
    }

    fn parse(stack: &str) -> Self {
        let mut chain = Self { frames: Vec::new(), waits_for: None, is_timed: false };
        let mut telling = Vec::new();
        for (function, place) in calls(stack) {
            let function = &*function;
            if begins_a_poll(function) {
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

/// Whether a library's function says what is waited for, rather than how.
fn is_telling(function: &str) -> bool {
    let how = [
        "core::",
        "std::",
        "alloc::",
        "tokio::time::timeout::",
        "tokio::future::",
        "standstill::os::",
        "standstill::bubble::",
    ];
    let name = function.trim_start_matches('<');
    !how.iter().any(|crate_| name.starts_with(crate_)) && name.contains("::")
}

#[cfg(test)]
mod tests {
    use super::*;

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
