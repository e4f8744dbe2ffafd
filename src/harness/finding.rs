use super::Level;
use super::evidence::Evidence;
use super::settings::Settings;
use crate::blocking::{self, Findings};
use crate::bubble::{Bubble, Complaint, Cut, Expected, Fault, TaskPanic};

/// Something that is held against a test.
pub(super) struct Finding {
    pub(super) level: Level,
    pub(super) what: What,
}

pub(super) enum What {
    Cut(Cut, Box<Evidence>),
    /// Nothing woke the body, yet a poll of it went on.
    LostWakeUp,
    TaskPanic(TaskPanic),
    MissingPanics {
        expected: Expected,
        seen: usize,
    },
    Leak {
        named: Vec<String>,
        others: usize,
    },
    /// A mock is not content.
    Mock(Complaint),
    /// A call blocked the thread inside a poll.
    Blocking(Box<blocking::Finding>),
    /// A rule of the test allows blocking calls that were not made.
    UnusedRule(String),
    /// Why the file of known blocking calls could not be used.
    Baseline(String),
    /// Dropping the body panicked.
    DropPanic(String),
    /// A thread works for several tests, and keeps the time of one.
    #[cfg(seam)]
    SharedThread(String),
    /// A thread by which tests wait for timers is another's, or has been.
    #[cfg(seam)]
    TimerElsewhere(String),
}

impl Finding {
    pub(super) fn deny(what: What) -> Self {
        Self { level: Level::Deny, what }
    }
}

/// Judges the panics of a bubble's tasks: those that the test announced are none.
pub(super) fn panics(bubble: &Bubble, settings: &Settings) -> Vec<Finding> {
    let mut panics = bubble.panics.take_uncaught();
    let mut findings = Vec::new();
    let expected = if settings.ends_at_panic { Vec::new() } else { bubble.panics.expected() };
    let level = if settings.ends_at_panic { Level::Deny } else { settings.task_panics };
    for expected in expected {
        let mut seen = 0;
        panics.retain(|panic| {
            let is_expected = seen < expected.count && panic.message.contains(&expected.text);
            seen += usize::from(is_expected);
            !is_expected
        });
        if seen < expected.count {
            findings.push(Finding::deny(What::MissingPanics { expected, seen }));
        }
    }
    findings.extend(panics.into_iter().map(|panic| Finding { level, what: What::TaskPanic(panic) }));
    findings
}

/// Judges the calls that blocked. Of a test that did not come to its end, no rule is said to have met no call: it might have yet.
pub(super) fn blocking(bubble: &Bubble, settings: &Settings, is_finished: bool) -> Vec<Finding> {
    let Findings { all: findings, unused, fault } =
        Findings::new(bubble.blocked.take(), &settings.blocking, settings.seeker);
    let found =
        findings.into_iter().map(|finding| Finding { level: finding.level(), what: What::Blocking(Box::new(finding)) });
    let rules = unused.into_iter().filter(|_| is_finished).map(|rule| Finding::deny(What::UnusedRule(rule)));
    fault.into_iter().map(|fault| Finding::deny(What::Baseline(fault))).chain(found).chain(rules).collect()
}

/// Judges the tasks that live on; `alive` counts all of them.
pub(super) fn leaks(bubble: &Bubble, settings: &Settings, alive: usize) -> Option<Finding> {
    let cards = bubble.tasks.alive();
    let others = alive.saturating_sub(cards.len());
    let named: Vec<_> = cards
        .iter()
        .filter(|card| !card.is_background)
        .map(|card| format!("{:?}, spawned at {}", card.name, card.place))
        .collect();
    (others > 0 || !named.is_empty()).then_some(Finding { level: settings.leaks, what: What::Leak { named, others } })
}

/// Judges what the mocks say. `panic` is what the body's own panic said, which may be what a mock said to it: then it is no wonder that
/// some of what was expected did not come.
pub(super) fn mocks(complaints: Vec<Complaint>, settings: &Settings, panic: Option<&str>) -> Vec<Finding> {
    let is_said = |complaint: &Complaint| panic.is_some_and(|panic| panic == complaint.text());
    let finding = |complaint: Complaint| {
        let level = match complaint.fault {
            Fault::NeverPolled => settings.never_polled,
            fault if fault.is_denied() => Level::Deny,
            _ => Level::Warn,
        };
        Finding { level, what: What::Mock(complaint) }
    };
    let is_refused = complaints.iter().any(is_said);
    let is_consequence = |complaint: &Complaint| is_refused && complaint.fault == Fault::Unmet;
    let mut told: Vec<_> =
        complaints.into_iter().filter(|complaint| !is_said(complaint) && !is_consequence(complaint)).collect();
    // What came first: what is missing elsewhere may follow from it.
    told.sort_by_key(|complaint| complaint.fault != Fault::Violated);
    told.into_iter().map(finding).collect()
}
