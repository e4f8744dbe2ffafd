//! All text that a mock prints, and no decision.

use std::fmt::Write;
use std::panic::Location;
use std::thread;
use std::time::Duration;

use super::answer::Length;
use super::owed::Lacking;
use super::record::Record;
use super::refusal::Refusal;
use super::shown::brief;
use super::times::Times;
use super::whence::Whence;
use crate::bubble::{Complaint, Seconds, several};

/// How many calls a report lists.
const MOST_CALLS: usize = 20;

/// How many letters of what a rule expects stand in a headline.
const MOST_EXPECTED: usize = 100;

/// What a rule lacks.
pub(super) enum Lack {
    Calls { times: Times, taken: usize },
    Use,
    Steps { used: usize, all: usize },
    Delays { used: usize, all: usize },
}

/// A rule that did not take a call.
pub(super) struct Tried {
    pub(super) expects: String,
    pub(super) place: &'static Location<'static>,
    pub(super) spent: Option<Spent>,
    pub(super) misses: Vec<Miss>,
}

/// What is used up of a rule that takes no more calls.
#[derive(Clone, Copy)]
pub(super) enum Spent {
    Times(Times),
    /// The one that it returns once.
    Value,
    /// Its steps too.
    Script(Times),
    /// Its delays too.
    Delays(Times),
}

/// How an argument misses what a rule expects.
pub(super) enum Miss {
    /// `id is 9`
    Is(String),
    /// In several lines: where it differs.
    Differs(String),
}

/// Arguments that cannot be compared, since the named one was not kept; or none was.
pub(super) fn not_compared(lacking: Option<&str>) -> String {
    match lacking {
        Some(name) => format!(
            "{name} cannot be compared, for there is no copy of it: its type is not `Clone`, or borrows and is not `Debug`, or it belongs to another \
             thread; match it when it comes, by `when` or `when_fn`"
        ),
        None => "the arguments cannot be compared, for the mock was told by `without_args` not to keep them; match them when they come, by `when` or \
                 `when_fn`"
            .to_owned(),
    }
}

/// A mock that is used by a test which it does not belong to.
pub(super) fn of_another_test(name: &str) -> String {
    format!("the mock {name} belongs to another test: make one in each test, rather than a `static`")
}

/// A call that has no answer.
pub(super) fn refused(
    call: &str,
    when_and_where: &str,
    why: &Refusal,
    relatives: &[&str],
    rules: &[Tried],
    calls: &[Record],
) -> String {
    let (reason, rule) = match why {
        Refusal::NoRules => ("is unexpected: this mock has no rules".to_owned(), None),
        Refusal::NoRule => ("is unexpected: no rule takes it".to_owned(), None),
        Refusal::Never { rule } => ("must never come".to_owned(), Some(rule)),
        Refusal::Exhausted { rule, nth, length: Length::One } => {
            (format!("is number {nth} for a rule that has one value, by `returns_once`"), Some(rule))
        }
        Refusal::Exhausted { rule, nth, length: Length::Steps(steps) } => {
            (format!("is number {nth} for a rule whose script has {}", several(*steps, "step")), Some(rule))
        }
        Refusal::OutOfDelays { rule, nth, delays } => {
            (format!("is number {nth} for a rule that has {}", several(*delays, "delay")), Some(rule))
        }
        Refusal::NoAnswer { rule } => ("is taken by a rule that has no answer".to_owned(), Some(rule)),
        Refusal::Waits { rule } => {
            ("is made by `call_now`, and its answer may take its time".to_owned(), rule.as_ref())
        }
        Refusal::Reentrant { rule } => {
            ("comes from inside the answer of the rule that takes it".to_owned(), Some(rule))
        }
        Refusal::Elsewhere { rule } => {
            ("comes on another thread than the one on which its `.local()` answer stays".to_owned(), rule.as_ref())
        }
        Refusal::InsideMatcher { rule } => {
            ("comes from inside the matcher of a rule, which may not call its own mock".to_owned(), Some(rule))
        }
        Refusal::OutOfOrder { rule, why } => (format!("is out of order: {why}"), Some(rule)),
    };
    let mut text = format!("the call {call} {reason}\n");
    writeln!(text, "  {when_and_where}").unwrap();
    match relatives {
        [] => {}
        [one] => writeln!(text, "  {one} has rules").unwrap(),
        all => writeln!(text, "  {} have rules", all.join(" and ")).unwrap(),
    }
    if let Some(rule) = rule {
        writeln!(text, "  the rule stands at {rule}").unwrap();
    }
    if !rules.is_empty() {
        writeln!(text, "\nthe rules, in the order in which they were tried").unwrap();
    }
    for (number, rule) in (1..).zip(rules) {
        writeln!(text, "  {number}. {} (at {})", rule.expects, rule.place).unwrap();
        let mut why = Vec::new();
        let mut differences = String::new();
        for miss in &rule.misses {
            match miss {
                Miss::Is(miss) => why.push(&**miss),
                Miss::Differs(lines) => lines.lines().for_each(|line| writeln!(differences, "   {line}").unwrap()),
            }
        }
        let why = match (&*rule.misses, rule.spent) {
            ([], Some(Spent::Value)) => "used up, for it has one value, by `returns_once`".to_owned(),
            ([], Some(Spent::Times(times) | Spent::Script(times) | Spent::Delays(times))) => {
                format!("used up, for it takes {times}")
            }
            ([], None) => "does not hold".to_owned(),
            _ => why.join(", "),
        };
        if !why.is_empty() {
            writeln!(text, "     {why}").unwrap();
        }
        text += &differences;
    }
    write!(text, "{}\n\nwhat to do\n  {}", self::calls(calls), advice(why, rules)).unwrap();
    text
}

/// A call that waits for an answer which only the test can give.
pub(super) fn owed(call: &str, since: Option<Duration>, lacking: Lacking, rule: Option<&Location<'_>>) -> String {
    let since = since.map(|since| format!(", since {}", Seconds(since))).unwrap_or_default();
    let why = match lacking {
        Lacking::Gate => "its gate is not open",
        Lacking::GateGone => "its gate was dropped, so nobody can open it: keep what `.gate()` gives, and open that",
        Lacking::NextCall => "no `next_call` has taken it",
        Lacking::Respond => "`next_call` has taken it, and there was no `respond` so far",
        Lacking::Dropped => "`next_call` has taken it, and it was dropped without a `respond`",
        Lacking::Pending => "its rule is `.pending()`",
    };
    let rule = rule.map(|rule| format!("; the rule stands at {rule}")).unwrap_or_default();
    format!("{call}{since}: {why}{rule}")
}

/// A call for which the test waits, where so many have been made and polled.
pub(super) fn awaited(name: &str, called: usize, polled: usize) -> String {
    let so_far = match (called, polled) {
        (0, _) => "there was none".to_owned(),
        (called, 0) => format!("{} {} made, and not polled so far", several(called, "call"), was(called)),
        (_, polled) => {
            format!("{} {} polled, and answered by a rule, or taken before", several(polled, "call"), was(polled))
        }
    };
    format!("{name}, by `next_call`: {so_far}")
}

/// A copy of an argument that may keep a channel open.
pub(super) fn sender(name: &str, argument: &str) -> String {
    format!("{argument}, of {name}")
}

pub(crate) fn was(count: usize) -> &'static str {
    if count == 1 { "was" } else { "were" }
}

/// When a call was made, and on which line.
pub(super) fn when_and_where(at: Option<Duration>, whence: &Whence) -> String {
    let at = at.map(|at| format!("at {}", Seconds(at)));
    let whence = format!("called {whence}");
    at.into_iter().chain([whence]).collect::<Vec<_>>().join(", ")
}

fn advice(why: &Refusal, rules: &[Tried]) -> &'static str {
    let mut spent = rules.iter().filter(|rule| rule.misses.is_empty()).filter_map(|rule| rule.spent);
    match why {
        Refusal::NoRules => {
            "\
say what it answers: `.returns(..)`, or `.when(..)` with an answer; `.nice()` has it give a default, if its output
  has one; with `.by_hand()` the test answers by `next_call`, if it is async"
        }
        Refusal::NoRule => match spent.next_back() {
            Some(Spent::Times(_)) => {
                "see why the code makes this call, or raise the `.times` of the rule that is used up, or add a rule after it"
            }
            Some(Spent::Value) => {
                "\
see why the code makes this call, or add a rule after the one that is used up, or have that one answer each call:
  `.returns(..)` by a clone, `.answers(..)` by what a function makes"
            }
            Some(Spent::Script(_)) => {
                "\
see why the code makes this call, or add a step to the script of the rule that is used up, and raise its `.times`,
  or add a rule after it"
            }
            Some(Spent::Delays(_)) => {
                "\
see why the code makes this call, or add a delay to the `.after_each` of the rule that is used up, and raise its
  `.times`, or add a rule after it"
            }
            None => {
                "\
add a rule that takes it, or see why the code makes this call; `.nice()` has it give a default, if its output
  has one"
            }
        },
        Refusal::Never { .. } => "see why the code makes this call, or drop the rule",
        Refusal::Exhausted { length: Length::One, .. } => {
            "\
see why the code makes this call, or have the rule answer each one: `.returns(..)` by a clone, `.answers(..)` by
  what a function makes"
        }
        Refusal::Exhausted { length: Length::Steps(_), .. } => {
            "see why the code makes this call, or add a step, or `.then_repeat_last()`"
        }
        Refusal::OutOfDelays { .. } => {
            "see why the code makes this call, or add a delay to `.after_each`, or `.then_repeat_last()`"
        }
        Refusal::NoAnswer { .. } => "give the rule an answer: `.returns(..)`, `.answers(..)`",
        Refusal::Waits { .. } => {
            "make it by `.call(..)` and await it, or have it answered at once: `.returns(..)`, `.answers(..)`"
        }
        Refusal::Reentrant { .. } => "have another rule take it, before this one, or call something else in the answer",
        Refusal::Elsewhere { .. } => {
            "make the call on the thread that gave the answer, or give one that is `Send`, without `.local()`"
        }
        Refusal::InsideMatcher { .. } => {
            "have the matcher look at what it needs: it may ask its mock for the calls so far, and call others"
        }
        Refusal::OutOfOrder { .. } => {
            "see why the code makes the calls in this order, or leave the rule out of the sequence"
        }
    }
}

/// All calls as a numbered list, in a section of its own; of very many, the last ones.
pub(super) fn calls(calls: &[Record]) -> String {
    if calls.is_empty() {
        return "  there were no calls".to_owned();
    }
    let skipped = skipped(calls);
    let mut text = "\nthe calls".to_owned();
    if skipped > 0 {
        write!(text, "\n  ({skipped} more before)").unwrap();
    }
    for call in &calls[skipped..] {
        write!(text, "\n  {call}").unwrap();
    }
    text
}

fn skipped(calls: &[Record]) -> usize {
    calls.len().saturating_sub(MOST_CALLS)
}

/// What a rule lacks at the end of a test.
pub(super) fn unmet(name: &str, expects: &str, lack: &Lack) -> String {
    let expects = |before: &str| with(before, expects);
    match lack {
        Lack::Calls { times, taken } => {
            format!("{name} expected {times}{}, saw {}", expects(" with "), some(*taken))
        }
        Lack::Use => format!("{name} has a rule that was never used{}", expects(": ")),
        Lack::Steps { used, all } => {
            format!("{name} has a script of {}, {}{}", several(*all, "step"), of_which(*used), expects(": "))
        }
        Lack::Delays { used, all } => {
            format!("{name} has a rule with {}, {}{}", several(*all, "delay"), of_which(*used), expects(": "))
        }
    }
}

/// What a rule expects, after a word: "exactly 1 call with any call" says nothing more than "exactly 1 call".
fn with(before: &str, expects: &str) -> String {
    if expects == ANY_CALL { String::new() } else { format!("{before}{}", brief(expects, MOST_EXPECTED)) }
}

/// A rule that has taken more calls than it is told to take.
pub(super) fn over(name: &str, expects: &str, times: Times, taken: usize) -> String {
    format!("{name} is to see {times}{}, and has seen {taken} already", with(" with ", expects))
}

/// What a rule for every call expects.
const ANY_CALL: &str = "any call";

/// A rule, by its mock and what it expects: as "exactly 1 call" says it, "any call" needs no saying.
pub(super) fn rule(name: &str, expects: &str) -> String {
    if expects == ANY_CALL { name.to_owned() } else { format!("{name} with {expects}") }
}

pub(super) fn some(count: usize) -> String {
    if count == 0 { "none".to_owned() } else { count.to_string() }
}

fn of_which(used: usize) -> String {
    format!("of which {} {} used", some(used), if used > 1 { "were" } else { "was" })
}

pub(crate) fn left(what: &str, used: usize, all: usize) -> String {
    let first = used + 1;
    if first == all {
        format!("{what} {all} was never used")
    } else {
        format!("{what}s {first} to {all} were never used")
    }
}

pub(super) fn unmet_note(
    expects: &str,
    lack: &Lack,
    place: &Location<'_>,
    hidden_by: Option<&Location<'_>>,
    calls: &[Record],
) -> String {
    let mut text = format!("  the rule stands at {place}");
    if brief(expects, MOST_EXPECTED) != expects {
        write!(text, "\n  it expects {expects}").unwrap();
    }
    match lack {
        Lack::Steps { used, all } => write!(text, "\n  {}", left("step", *used, *all)).unwrap(),
        Lack::Delays { used, all } => write!(text, "\n  {}", left("delay", *used, *all)).unwrap(),
        Lack::Calls { .. } | Lack::Use => {}
    }
    if let Some(before) = hidden_by {
        write!(
            text,
            "\n  an earlier rule, at {before}, took a call that it matches: the first rule that matches answers"
        )
        .unwrap();
    }
    format!("{text}\n{}\n\nwhat to do\n  {}", self::calls(calls), unmet_advice(lack, hidden_by.is_some()))
}

fn unmet_advice(lack: &Lack, is_hidden: bool) -> &'static str {
    match lack {
        Lack::Use | Lack::Calls { .. } if is_hidden => {
            "put this rule before the earlier one, or give that one a limit: `.times(1)`"
        }
        Lack::Use => "see why the code makes no such call; if it need not, say so: `.times(..)`",
        Lack::Calls { .. } => {
            "see why the code makes fewer such calls, or have the rule expect fewer: `.times(..)` is any number"
        }
        Lack::Steps { .. } | Lack::Delays { .. } => {
            "see why the code makes fewer such calls; if it may, say so: `.times(..)`"
        }
    }
}

/// Calls that were never polled, of which so many were held at the end; and where the first of them was dropped, if it is known.
pub(super) fn never_polled(name: &str, count: usize, held: usize, first: &Whence, dropped_at: Option<&str>) -> String {
    let at =
        dropped_at.map(|place| if count == 1 { format!(" at {place}") } else { format!(" (the first at {place})") });
    let at = at.unwrap_or_default();
    let what = match held {
        0 => format!("dropped{at}"),
        held if held == count => "still held at the end".to_owned(),
        _ => format!("dropped{at} or still held at the end"),
    };
    match count {
        1 => format!("a call of {name}, made {first}, was {what} and had never been polled"),
        count => format!("{count} calls of {name}, the first made {first}, were {what} and had never been polled"),
    }
}

/// Calls that wait for the test to take them.
pub(super) fn untaken(name: &str, count: usize, first: &Whence) -> String {
    match count {
        1 => format!("a call of {name}, made {first}, waits for the test, which did not take it by `next_call`"),
        count => format!(
            "{count} calls of {name}, the first made {first}, wait for the test, which did not take them by `next_call`"
        ),
    }
}

pub(super) fn never_polled_note(first: &Record, calls: &[Record]) -> String {
    let mut text =
        "  an async call has no effect before it is awaited; the loser of a `select!` is such a call too".to_owned();
    let first = first.to_string();
    if calls[..skipped(calls)].iter().any(|call| call.to_string() == first) {
        write!(text, "\n  the first such call: {first}").unwrap();
    }
    format!("{text}\n{}", self::calls(calls))
}

/// Everything that is held against a test outside the harness's own report.
pub(super) fn complaints(complaints: &[&Complaint]) -> String {
    let mut text = String::new();
    for complaint in complaints {
        let start = if text.is_empty() { "" } else { "\nalso: " };
        writeln!(text, "{start}{}", complaint.headline).unwrap();
        complaint.write_note(&mut text);
    }
    text.trim_end().to_owned()
}

/// What is held against a test where a panic may not fail it.
pub(super) fn out_of_sight(what: &str, instead: &str, complaints: &[&Complaint]) -> String {
    let thread = thread::current();
    let thread =
        thread.name().map_or_else(|| "a thread without a name".to_owned(), |name| format!("the thread {name:?}"));
    format!(
        "\
standstill: {what}, which no #[async_test] verifies, was dropped last by a task or another thread, on {thread}
{}

note: whoever runs tasks and threads catches their panics, so the test may have passed; therefore this process ends with exit code 101

what to do
  run the test under #[async_test], which verifies at its end; or {instead}
",
        self::complaints(complaints)
    )
}
