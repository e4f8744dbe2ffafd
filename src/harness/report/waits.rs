use std::fmt::Write;

use crate::bubble::{Chain, write_frames};

/// Shows where something waits, each branch of it as a chain of awaits.
pub(super) fn waits(text: &mut String, who: &str, chains: &[Chain]) {
    match chains {
        [] => writeln!(text, "\n{who} asked nobody to wake it: it awaits std::future::pending, or a hand-written future that keeps no waker").unwrap(),
        [chain] => {
            writeln!(text, "\n{who} waits here, the outermost await first").unwrap();
            one(text, chain);
        }
        branches => {
            writeln!(text, "\n{who} waits in {} branches, each with the outermost await first", branches.len())
                .unwrap();
            for (number, chain) in branches.iter().enumerate() {
                writeln!(text, "  branch {}", number + 1).unwrap();
                one(text, chain);
            }
        }
    }
}

/// Shows one way in which something waits.
pub(super) fn one(text: &mut String, chain: &Chain) {
    write_frames(text, &chain.frames);
    if chain.frames.is_empty() {
        writeln!(
            text,
            "  no line of your own crates is known: it waits in a library, or this build has no debug information"
        )
        .unwrap();
    }
    if let Some(leaf) = &chain.waits_for {
        writeln!(text, "  for {leaf}").unwrap();
    }
}
