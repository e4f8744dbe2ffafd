use std::fmt::Write;

use super::cut::cut;
use super::headline::{headline, instant};
use super::note::note;
use crate::bubble::Cut;
use crate::harness::evidence::Evidence;
use crate::harness::failure;
use crate::harness::finding::{Finding, What};
use crate::harness::verdict::{Outcome, Verdict};
use crate::harness::{Identity, Level};

/// What tokio says where its clock is paused that is paused already.
const PAUSED_TWICE: &str = "time is already frozen";

const IS_PAUSED: &str = "  \
    tokio's clock was paused before: by the test, by start_paused, or, where only tokio's own time is virtual (standstill::os::support
  says why), from the start; leave the call of tokio::time::pause out";

/// The report of a test whose harness has panicked, with a message of its own.
pub(in crate::harness) fn lost(test: &Identity) -> String {
    format!("standstill: the harness itself panicked; to run it again\n  {test}\n")
}

/// The report of a failed test: what failed it first, then every other finding, then how to run it again.
///
/// `error` is what a body that returned one said.
pub(in crate::harness) fn verdict<T>(verdict: &Verdict<T>, error: Option<&str>, test: Option<&Identity>) -> String {
    let mut text = String::new();
    let at = instant(verdict.at);
    let mut is_first = true;
    match (&verdict.outcome, error) {
        (Outcome::Panicked(payload), _) => {
            let panic = failure::text(&**payload);
            writeln!(text, "standstill: the test panicked at {at}: {panic}").unwrap();
            if panic == PAUSED_TWICE {
                writeln!(text, "{IS_PAUSED}").unwrap();
            }
            is_first = false;
        }
        (_, Some(error)) => {
            writeln!(text, "standstill: the test returned an error at {at}\n  error: {error}").unwrap();
            is_first = false;
        }
        _ => {}
    }
    let mut findings: Vec<_> = verdict.findings.iter().collect();
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.level));
    list(&mut text, is_first, findings);
    replay(&mut text, test);
    text
}

/// The report of a test whose thread does not answer, with the calls that have blocked it so far.
pub(in crate::harness) fn overdue(why: Cut, evidence: Evidence, calls: &[Finding], test: Option<&Identity>) -> String {
    let cut = Finding::deny(What::Cut(why, Box::new(evidence)));
    let mut text = String::new();
    list(&mut text, true, std::iter::once(&cut).chain(calls));
    replay(&mut text, test);
    text
}

/// Shows findings, in this order; the first of all is what failed the test.
fn list<'a>(text: &mut String, mut is_first: bool, findings: impl IntoIterator<Item = &'a Finding>) {
    for finding in findings {
        let start = match (is_first, finding.level) {
            (true, _) => "standstill: ",
            (false, Level::Deny) => "\nalso: ",
            (false, _) => "\nnote: ",
        };
        writeln!(text, "{start}{}", headline(&finding.what)).unwrap();
        match &finding.what {
            What::Cut(why, evidence) => cut(text, *why, evidence),
            other => note(text, other),
        }
        is_first = false;
    }
}

pub(super) fn replay(text: &mut String, test: Option<&Identity>) {
    if let Some(test) = test {
        writeln!(text, "\nto run it again\n  {test}").unwrap();
    }
}
