use std::collections::BTreeSet;
use std::io::{Write, stderr};
use std::sync::Mutex;

use super::Level;
use super::finding::Finding;
use super::report;
use crate::bubble::lock;

/// Says each finding of level warn in a line on the real standard error, once a process.
///
/// Not by `eprintln!`, whose output libtest swallows when the test passes.
pub(super) fn each(findings: &[Finding]) {
    static SAID: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

    let test = std::thread::current().name().unwrap_or("a test").to_owned();
    for finding in findings.iter().filter(|finding| finding.level == Level::Warn) {
        let line = report::headline(&finding.what);
        if lock(&SAID).insert(line.clone()) {
            // A warning that cannot be shown is no reason to fail a test that passed.
            let _ = writeln!(stderr(), "standstill: warning: {test}: {line}");
        }
    }
}
