use std::fmt::Write;

use crate::bubble::{Chain, Frame, write_frames};

/// Shows where something waits, each branch of it as a chain of awaits.
pub(super) fn waits(text: &mut String, who: &str, chains: &[Chain]) {
    match chains {
        [] => writeln!(text, "\n{who} asked nobody to wake it: it awaits std::future::pending, or a hand-written future that keeps no waker").unwrap(),
        [chain] => {
            writeln!(text, "\n{who} waits here, the outermost await first").unwrap();
            one(text, &chain.frames, chain.waits_for.as_deref());
        }
        branches => {
            writeln!(text, "\n{who} waits in {} branches, each with the outermost await first", branches.len())
                .unwrap();
            for (number, chain) in branches.iter().enumerate() {
                writeln!(text, "  branch {}", number + 1).unwrap();
                one(text, &chain.frames, chain.waits_for.as_deref());
            }
        }
    }
}

/// Shows one way in which something waits, and for what, if that is known.
pub(super) fn one(text: &mut String, frames: &[Frame], waits_for: Option<&str>) {
    write_frames(text, frames);
    if frames.is_empty() {
        writeln!(
            text,
            "  no line of your own crates is known: it waits in a library, or this build has no debug information"
        )
        .unwrap();
    }
    if let Some(leaf) = waits_for {
        writeln!(text, "  for {leaf}").unwrap();
    }
}
