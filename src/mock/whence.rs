use std::backtrace::Backtrace;
use std::fmt;
use std::panic::Location;

use super::form::Form;
use crate::bubble::{begins_a_poll, calls, is_users, path};
use crate::os;

/// Where a call was made, as far as that is known: what goes through a `dyn` has the line of the macro that wrote the method.
pub(super) enum Whence {
    Line(&'static Location<'static>),
    /// The innermost line of the user's, while the call ran.
    Stack(String),
    Hidden,
}

impl Whence {
    pub(super) fn of(form: &Form, place: &'static Location<'static>) -> Self {
        if form.is_written_at(place) { Self::Hidden } else { Self::Line(place) }
    }

    /// As `of`, while the call runs on the calling thread.
    pub(super) fn of_running(form: &Form, place: &'static Location<'static>) -> Self {
        let seen = form.is_written_at(place).then(|| nearest(&os::inside(Backtrace::force_capture), place));
        seen.flatten().map_or_else(|| Self::of(form, place), Self::Stack)
    }
}

/// The innermost line on a stack that is the user's own, and not written by the macro.
pub(super) fn nearest(stack: &Backtrace, written_at: &Location<'_>) -> Option<String> {
    let stack = os::inside(|| stack.to_string());
    // One of them may be seen from the workspace, the other from the package in it.
    let line = format!("{}:{}", written_at.file(), written_at.line());
    let is_same = |place: &str| line.ends_with(place.trim_start_matches("./")) || place.ends_with(&line);
    let is_macros = |place: &str| place.rsplit_once(':').is_some_and(|(place, _column)| is_same(place));
    calls(&stack)
        .take_while(|(function, _)| !is_start(function))
        .filter_map(|(function, place)| place.filter(|place| is_users(&function, place) && !is_macros(place)))
        .map(|place| place.strip_prefix("./").unwrap_or(place).to_owned())
        .next()
}

/// Whether it polls a body or a task, so that nobody before it has to do with the call.
fn is_start(function: &str) -> bool {
    begins_a_poll(function) || path(function).starts_with("tokio::runtime::task::")
}

impl fmt::Display for Whence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(place) => write!(f, "at {place}"),
            Self::Stack(place) => write!(f, "from {place}"),
            Self::Hidden => f.write_str("through a `dyn`"),
        }
    }
}
