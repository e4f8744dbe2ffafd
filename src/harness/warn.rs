use std::collections::BTreeSet;
use std::sync::Mutex;

use super::Level;
use super::finding::{Finding, What};
use super::report;
use crate::blocking;
use crate::bubble::{lock, say_aloud};
use crate::os::Support;

const START: &str = "standstill: warning: ";

/// Says each finding of level warn in a line on the real standard error, once a process.
pub(super) fn each(findings: &[Finding]) {
    let test = this_test();
    for finding in findings.iter().filter(|finding| finding.level == Level::Warn) {
        match &finding.what {
            What::Blocking(finding) => {
                blocking(finding, &test);
            }
            what => {
                let line = format!("{START}{test}: {}", report::headline(what));
                once(&line, &line);
            }
        }
    }
}

/// Says a blocking call, and what silences it.
fn blocking(finding: &blocking::Finding, test: &str) {
    let place = finding.place().unwrap_or("no line of yours");
    let (who, at) = if finding.is_nameless() {
        (format!("{test} {}", finding.who()), String::new())
    } else {
        (String::new(), format!(", at {place}"))
    };
    let (line, silencer) = (finding.headline(), finding.silencer());
    once(&format!("{} {place}{who}", finding.call()), &format!("{START}{test}: {line}{at} ({silencer} silences it)"));
}

/// Says the calls that a detector warns of.
pub(crate) fn of_detector(findings: &[blocking::Finding]) {
    let test = this_test();
    for finding in findings.iter().filter(|finding| finding.level() == Level::Warn) {
        blocking(finding, &test);
    }
}

/// Says that tests have not all that they would have elsewhere, unless they chose so.
pub(super) fn of_less_than_wanted(support: &Support) {
    if cfg!(feature = "os") {
        let line = format!("{START}{support}; blocking calls are not found (STANDSTILL_ENGINE=portable silences it)");
        once(&line, &line);
    }
}

fn this_test() -> String {
    std::thread::current().name().unwrap_or("a test").to_owned()
}

/// Says again what a process said in which a test ran.
pub(super) fn again(output: &str) {
    for line in output.lines().filter(|line| line.starts_with(START)) {
        once(line, line);
    }
}

fn once(what: &str, line: &str) {
    static SAID: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

    if lock(&SAID).insert(what.to_owned()) {
        say_aloud(&format!("{line}\n"));
    }
}
