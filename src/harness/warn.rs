use std::collections::BTreeSet;
use std::io::{Write, stderr};
use std::sync::Mutex;

use super::Level;
use super::finding::{Finding, What};
use super::report;
use crate::bubble::lock;

const START: &str = "standstill: warning: ";

/// Says each finding of level warn in a line on the real standard error, once a process.
pub(super) fn each(findings: &[Finding]) {
    let test = std::thread::current().name().unwrap_or("a test").to_owned();
    for finding in findings.iter().filter(|finding| finding.level == Level::Warn) {
        let line = report::headline(&finding.what);
        match &finding.what {
            What::Blocking(finding) => {
                let place = finding.place().unwrap_or("no line of yours");
                let who = if finding.is_nameless() { format!("{test} {}", finding.who()) } else { String::new() };
                let at = if finding.is_nameless() { String::new() } else { format!(", at {place}") };
                once(
                    &format!("{} {place}{who}", finding.call()),
                    &format!("{START}{test}: {line}{at} (blocking({} = \"allow\") silences it)", finding.category()),
                );
            }
            _ => once(&line, &format!("{START}{test}: {line}")),
        }
    }
}

/// Says again what a process said in which a test ran.
pub(super) fn again(output: &str) {
    for line in output.lines().filter(|line| line.starts_with(START)) {
        once(line, line);
    }
}

/// Not by `eprintln!`, whose output libtest swallows when the test passes.
fn once(what: &str, line: &str) {
    static SAID: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

    if lock(&SAID).insert(what.to_owned()) {
        // A warning that cannot be shown is no reason to fail a test that passed.
        let _ = writeln!(stderr(), "{line}");
    }
}
