use super::names::{is_given_s_call, is_locks, is_std, is_systems, owner};
use crate::bubble::{is_in_derive, is_stds, is_users, path};

/// A function that a stack names, and its place in the sources, if that is known.
#[derive(Clone, Copy)]
pub(super) struct Line<'a> {
    pub(super) function: &'a str,
    pub(super) place: Option<&'a str>,
}

/// Whose futures and iterators are put around others: `tokio::time::timeout`, `join_all`, `instrument`, `map`.
const AROUND: &[&str] =
    &["tokio", "tokio_util", "tokio_stream", "futures_util", "futures_lite", "itertools", "tracing", "tracing_futures"];

impl<'a> Line<'a> {
    /// What a derive has written has no place of the user's.
    pub(super) fn new(function: &'a str, place: Option<&'a str>) -> Self {
        let is_written = |place: &&str| !is_users(function, place) || !is_in_derive(place);
        Self { function, place: place.filter(is_written) }
    }

    /// The crate that the function belongs to.
    pub(super) fn owner(&self) -> &'a str {
        owner(self.function)
    }

    pub(super) fn is_users_own(&self) -> bool {
        self.place.is_some_and(|place| is_users(self.function, place)) && !self.is_derived()
    }

    /// Whether the function was written by a derive, by its name alone: `shop::_::<impl serde::Deserialize for shop::Till>::deserialize`.
    /// Where names are mangled in the newer way, or the derive is the compiler's own, it has none that tells, but its place does.
    fn is_derived(&self) -> bool {
        self.function.contains("::_::")
    }

    /// Whether its place says that the lines are known of more than what comes with the compiler.
    pub(super) fn is_known(&self) -> bool {
        self.function.contains("::") && self.place.is_some_and(|place| !is_stds(place))
    }

    /// Whether its name says where it belongs, as those of libc's functions do not.
    pub(super) fn has_path(&self) -> bool {
        self.function.contains("::")
    }

    /// Whether it is neither this crate's own nor libc's, nor one of those that take the stack, which std hides on some machines only.
    pub(super) fn is_beyond(&self) -> bool {
        let takes_a_stack =
            || ["std::backtrace::", "std::backtrace_rs::"].iter().any(|part| self.function.contains(part));
        self.has_path() && self.owner() != "standstill" && !takes_a_stack()
    }

    /// Whether it is the language's own, or as good as that.
    pub(super) fn is_languages(&self) -> bool {
        is_std(self.owner()) || is_locks(self.owner()) || is_systems(self.owner())
    }

    /// Whether its crate puts futures and iterators around others.
    pub(super) fn is_around(&self) -> bool {
        AROUND.contains(&self.owner())
    }

    /// Whether it says how, rather than what.
    pub(super) fn is_plumbing(&self) -> bool {
        let name = self.function.trim_start_matches('<');
        // `T::call_once`, a function that was given.
        let is_given =
            name.split_once("::").is_some_and(|(of, _)| of.chars().all(|letter| letter.is_ascii_uppercase()));
        is_given
            || is_given_s_call(self.function)
            || ["core::", "alloc::", "std::panic", "std::thread::local::", "standstill::", "std::iter"]
                .iter()
                .any(|part| name.starts_with(part))
            // `<std::fs::read as core::ops::function::FnMut<(&str,)>>::call_mut`
            || self.function.contains(" as core::ops::function::Fn")
            // `<u64 as core::iter::Sum>::sum`
            || self.owner() == "core"
    }

    /// The function of libc that a frame of this crate stands for. Optimised, its own frame may be gone, and only what it calls is left.
    pub(super) fn symbol(&self) -> Option<&'a str> {
        match self.function.split_once("::hooks::exported::") {
            Some((_, function)) => function.split("::").next().map(written),
            None => (!self.function.contains("::")).then_some(self.function).map(written),
        }
    }

    /// Whether it is where tokio begins a poll, and not a function of the runtime that code in the poll calls.
    pub(super) fn is_poll(&self) -> bool {
        let path = path(self.function);
        [
            "tokio::task::coop::budget",
            "tokio::task::coop::with_budget",
            "tokio::runtime::coop::",
            "tokio::runtime::task::",
            "tokio::runtime::scheduler::",
            "tokio::runtime::park::",
            "tokio::runtime::context::runtime::",
            "tokio::runtime::context::scoped::",
            "tokio::runtime::context::set_scheduler",
            "standstill::harness::root",
            "standstill::harness::run::conduct",
            "standstill::bubble::root::Root::body_polled",
            "standstill::bubble::root::body_polled",
            "standstill::task::watched",
        ]
        .iter()
        .any(|part| path.starts_with(part))
            && !path.contains("::block_in_place")
            && !path.contains("Handle")
            && !is_wake_up(&path)
    }
}

/// Whether a function of the runtime makes a task or a thread go on. Optimised, it may call the lock itself.
fn is_wake_up(path: &str) -> bool {
    let name = path.rsplit("::").next().unwrap_or_default();
    ["wake", "schedule", "notify", "unpark", "push_remote", "remote_abort"].iter().any(|begin| name.starts_with(begin))
}

/// A function of libc as a program in C writes it: with `_FORTIFY_SOURCE`, `read` may be a call of `__read_chk`, `open` of `__open_2`.
fn written(function: &str) -> &str {
    let checked = function.strip_prefix("__").and_then(|name| name.strip_suffix("_chk").or(name.strip_suffix("_2")));
    checked.unwrap_or(function)
}
