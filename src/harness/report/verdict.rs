use std::fmt::Write;

use super::cut::cut;
use super::headline::{headline, instant};
use super::note::note;
use crate::bubble::Cut;
use crate::harness::evidence::Evidence;
use crate::harness::failure;
use crate::harness::finding::What;
use crate::harness::verdict::{Outcome, Verdict};
use crate::harness::{Identity, Level};

/// The report of a failed test: what failed it first, then every other finding, then how to run it again.
///
/// `error` is what a body that returned one said.
pub(in crate::harness) fn verdict<T>(verdict: &Verdict<T>, error: Option<&str>, test: Option<&Identity>) -> String {
    let mut text = String::new();
    let at = instant(verdict.at);
    let mut is_first = true;
    match (&verdict.outcome, error) {
        (Outcome::Panicked(payload), _) => {
            writeln!(text, "standstill: the test panicked at {at}: {}", failure::text(&**payload)).unwrap();
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
    for finding in findings {
        let start = match (is_first, finding.level) {
            (true, _) => "standstill: ",
            (false, Level::Deny) => "\nalso: ",
            (false, _) => "\nnote: ",
        };
        writeln!(text, "{start}{}", headline(&finding.what)).unwrap();
        match &finding.what {
            What::Cut(why, evidence) => cut(&mut text, *why, evidence),
            other => note(&mut text, other),
        }
        is_first = false;
    }
    replay(&mut text, test);
    text
}

/// The report of a test whose thread does not answer.
pub(in crate::harness) fn overdue(evidence: Evidence, test: Option<&Identity>) -> String {
    let what = What::Cut(Cut::WallLimit, Box::new(evidence));
    let mut text = format!("standstill: {}\n", headline(&what));
    if let What::Cut(why, evidence) = &what {
        cut(&mut text, *why, evidence);
    }
    replay(&mut text, test);
    text
}

fn replay(text: &mut String, test: Option<&Identity>) {
    if let Some(test) = test {
        writeln!(text, "\nto run it again\n  {test}").unwrap();
    }
}
