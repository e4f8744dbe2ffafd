//! All text that a script prints, and no decision.

use std::panic::Location;

use crate::bubble::{Complaint, Fault, several};
use crate::mock::{left, was};

/// What a script has for one call each.
#[derive(Clone, Copy)]
pub(super) enum Part {
    Step,
    Delay,
}

/// Something of which a script has more than was used.
pub(super) struct Unused {
    pub(super) part: Part,
    pub(super) used: usize,
    pub(super) all: usize,
    /// How many futures the script gave.
    pub(super) made: usize,
}

impl Part {
    fn name(self) -> &'static str {
        match self {
            Self::Step => "step",
            Self::Delay => "delay",
        }
    }
}

/// The script, as whoever reads of it finds it.
pub(super) fn script(place: &Location<'_>) -> String {
    format!("the script at {place}")
}

/// A call that finds no step.
pub(super) fn exhausted(nth: usize, place: &Location<'_>, steps: usize) -> String {
    format!(
        "call {nth} of {} has no step: it has {}\n\nwhat to do\n  add a step, or `.then_repeat_last()`",
        script(place),
        several(steps, "step")
    )
}

/// A call that is polled inside the answer to another.
pub(super) fn reentrant(nth: usize, place: &Location<'_>) -> String {
    format!(
        "call {nth} of {} is polled inside the function that answers another\n\nwhat to do\n  have that function await no call of its own script, or give the inner call a script of its own",
        script(place)
    )
}

/// What is left of a script at the end of a test.
pub(super) fn unused(place: &Location<'_>, Unused { part, used, all, made }: &Unused) -> Complaint {
    let name = part.name();
    let rest = left(name, *used, *all);
    let calls = match (made, made - used) {
        (0, _) => "there were no calls".to_owned(),
        (made, 0) => format!("there {} {}", was(*made), several(*made, "call")),
        (made, unpolled) => format!(
            "there {} {}, of which {unpolled} {} not polled: a {name} is used when its call is first polled",
            was(*made),
            several(*made, "call"),
            was(unpolled)
        ),
    };
    Complaint {
        fault: Fault::Unmet,
        headline: format!("{} has {}, and {rest}", script(place), several(*all, name)),
        note: format!(
            "  {calls}\n\nwhat to do\n  see why the code makes fewer calls; if it may, say `.may_end_early()` of the script"
        ),
    }
}
