use std::time::Duration;

use humantime::format_duration;

use crate::blocking;
use crate::bubble::{Cut, Seconds, several};
use crate::harness::evidence::Evidence;
use crate::harness::finding::What;

/// What was found, in one line.
pub(in crate::harness) fn headline(what: &What) -> String {
    match what {
        What::Cut(cut, evidence) => cut_short(*cut, evidence),
        What::LostWakeUp => {
            "a wake-up was lost: nothing woke the body, yet when polled once more it went on".to_owned()
        }
        What::TaskPanic(panic) => {
            let task = panic.name.as_ref().map_or_else(|| "a task".to_owned(), |name| format!("task {name:?}"));
            format!("{task} panicked at {}: {}", instant(panic.at), panic.message)
        }
        What::MissingPanics { expected, seen } => {
            format!("expected {} with {:?} in tasks, saw {seen}", several(expected.count, "panic"), expected.text)
        }
        What::Leak { named, others } => {
            format!("{} alive at the end of the test", several(named.len() + others, "task"))
        }
        What::Mock(complaint) => complaint.headline.clone(),
        What::Blocking(finding) => finding.headline(),
        What::UnusedRule(rule) => blocking::unused_rule(rule),
        What::Baseline(fault) => fault.clone(),
        What::DropPanic(message) => format!("dropping the body panicked: {message}"),
        #[cfg(seam)]
        What::SharedThread(name) => format!(
            "thread {name:?} works for several tests at once, and waits by the clock of one: what the others ask of it comes at a wrong time; \
             run such tests one at a time (cargo nextest, or serial_test)"
        ),
        #[cfg(seam)]
        What::TimerElsewhere(name) => {
            format!("thread {name:?}, by which all tests of a process wait for timers, was not started by this one")
        }
    }
}

fn cut_short(cut: Cut, evidence: &Evidence) -> String {
    let at = instant(evidence.at);
    match cut {
        Cut::Stuck => format!("stuck at {at}: nothing is left that could wake this test"),
        Cut::Starved => {
            format!("starved at {at}: the clock jumped {} times and nothing woke the body", evidence.idle_jumps)
        }
        Cut::VirtualLimit => {
            let limit = evidence.timeout.unwrap_or_default();
            let clock = if evidence.is_virtual { "virtual" } else { "real" };
            format!(
                "past the limit of {} of {clock} time (`timeout`) at {at}: the test has not ended",
                format_duration(limit)
            )
        }
        Cut::WallLimit => format!(
            "past the limit of {} of real time (`wall_timeout`), at {at} on the test's clock: the test has not ended",
            format_duration(evidence.wall_timeout)
        ),
        Cut::TaskPanic => format!("ended at {at} by the panic of a task"),
    }
}

/// An instant as the clock counts it, and from a minute on also as people do: `28800.000 s (8h)`.
pub(super) fn instant(at: Duration) -> String {
    let whole = Duration::from_secs(at.as_secs());
    if at < Duration::from_mins(1) {
        Seconds(at).to_string()
    } else if at == whole {
        format!("{} ({})", Seconds(at), format_duration(whole))
    } else {
        format!("{} (after {})", Seconds(at), format_duration(whole))
    }
}
