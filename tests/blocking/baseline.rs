//! The file of known findings, with this binary's own tests run in processes of their own.

use std::env;
use std::fs;
use std::hint::black_box;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::process::{self, Child, Stdio};
use std::thread;

use standstill::blocking::{deny_blocking, noted};
use standstill::prelude::*;

use crate::alone::{said, tests};

/// Each of these fails unless the baseline knows it.
mod known {
    use super::*;

    pub(super) fn sleep_of_the_first() {
        thread::sleep(1.secs());
    }

    #[async_test]
    #[ignore = "it fails, in a process of its own"]
    async fn first() {
        sleep_of_the_first();
    }

    #[async_test]
    #[ignore = "it fails, in a process of its own"]
    async fn second() {
        thread::sleep(2.secs());
    }

    #[async_test]
    #[ignore = "it fails, in a process of its own"]
    async fn third() {
        thread::sleep(3.secs());
    }

    #[async_test]
    #[ignore = "it fails, in a process of its own"]
    async fn fourth() {
        thread::sleep(4.secs());
    }

    #[async_test]
    #[ignore = "it only warns, in a process of its own"]
    async fn warned() {
        fs::metadata("Cargo.toml").unwrap();
    }

    #[async_test]
    #[ignore = "it fails, in a process of its own"]
    async fn first_and_more() {
        sleep_of_the_first();
        thread::sleep(2.secs());
    }
}

/// Of these it learns nothing.
mod unknown {
    use super::*;

    #[async_test]
    #[ignore = "it fails, in a process of its own"]
    async fn denied_there() {
        deny_blocking(known::sleep_of_the_first);
    }

    #[async_test(poll_budget = "10ms")]
    #[ignore = "it only warns, in a process of its own"]
    async fn burning() {
        let before = noted();
        while noted() < before + 2 {
            black_box((0..10_000_u64).map(black_box).sum::<u64>());
        }
    }
}

const FIRST: &str = "sleeps std::thread::sleep in blocking::baseline::known::sleep_of_the_first";

/// A baseline, which goes with this.
struct Baseline(PathBuf);

impl Baseline {
    fn new(name: &str) -> Self {
        Self(env::temp_dir().join(format!("standstill-{}-{name}-baseline.txt", process::id())))
    }

    fn written(name: &str, lines: &[&str]) -> Self {
        let baseline = Self::new(name);
        fs::write(&baseline.0, lines.join("\n")).unwrap();
        baseline
    }

    /// The lines that are no comments.
    fn lines(&self) -> Vec<String> {
        let text = match fs::read_to_string(&self.0) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Vec::new(),
            text => text.unwrap(),
        };
        text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect()
    }

    /// Starts one of the tests above in a process of its own; by the name of a module, several.
    fn start(&self, test: &str, mode: &str) -> Child {
        let mut command = tests(&format!("baseline::{test}"));
        if !test.ends_with("::") {
            command.arg("--exact");
        }
        command.env("STANDSTILL_BASELINE", &self.0).env("STANDSTILL", mode);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// Whether a test passes, and what it says.
    fn run(&self, test: &str, mode: &str) -> (bool, String) {
        let output = self.start(test, mode).wait_with_output().unwrap();
        let said = said(&output);
        assert!(!said.contains("running 0 tests"), "{said}");
        (output.status.success(), said)
    }
}

impl Drop for Baseline {
    fn drop(&mut self) {
        // It may not have been written.
        let _ = fs::remove_file(&self.0);
    }
}

#[test]
fn what_it_knows_passes() {
    let baseline = Baseline::written("knows", &["# a comment", "", FIRST]);

    let (passes, said) = baseline.run("known::first", "");

    assert!(passes, "{said}");
}

#[test]
fn what_it_does_not_know_fails() {
    let baseline = Baseline::written("new", &[FIRST]);

    let (passes, said) = baseline.run("known::second", "");

    assert!(!passes && said.contains("std::thread::sleep (2s)"), "{said}");
    assert_eq!(baseline.lines(), [FIRST]);
}

#[test]
fn what_a_scope_denies_it_neither_knows_nor_learns() {
    let baseline = Baseline::written("denied", &[FIRST]);

    for mode in ["", "overwrite"] {
        let (passes, said) = baseline.run("unknown::denied_there", mode);

        assert!(!passes && said.contains("deny_blocking is around it; if it is meant, inside that"), "{said}");
        assert!(!said.contains("allow_in"), "{said}");
    }
}

#[test]
fn it_learns_no_finding_without_a_name() {
    let baseline = Baseline::new("nameless");

    let (passes, said) = baseline.run("unknown::burning", "overwrite");

    assert!(passes, "{said}");
    assert_eq!(baseline.lines().len(), usize::from(cfg!(feature = "hot-line")), "{:?}", baseline.lines());
}

#[test]
fn a_line_of_it_that_says_nothing_is_pointed_out() {
    let baseline = Baseline::written("garbled", &["# a comment", FIRST, "std::thread::sleep"]);

    let (passes, said) = baseline.run("known::first", "");

    assert!(!passes, "{said}");
    let line = "could not be read: line 3: expected a category, a call and a function, as in `sleeps std::thread::sleep in \
                shop::wait`, got \"std::thread::sleep\"";
    assert!(said.contains(line), "{said}");
}

#[test]
fn a_file_that_is_named_but_not_there_is_missed() {
    let baseline = Baseline::new("missed");

    let (passes, said) = baseline.run("known::first", "");

    assert!(
        !passes && said.contains("could not be read: there is none: STANDSTILL=overwrite cargo test writes it"),
        "{said}"
    );
    assert!(!baseline.0.exists());
}

#[test]
fn without_a_file_all_is_new() {
    // Beside this crate's own `Cargo.toml` there is none.
    let baseline = Baseline(PathBuf::new());

    let (passes, said) = baseline.run("known::first", "");

    assert!(!passes && said.contains("std::thread::sleep (1s)"), "{said}");
    assert!(!said.contains("the baseline"), "{said}");
}

#[test]
fn the_report_of_what_is_new_says_what_is_known() {
    let baseline = Baseline::written("both", &[FIRST]);

    let (passes, said) = baseline.run("known::first_and_more", "");

    assert!(!passes, "{said}");
    assert!(said.contains("standstill: the body blocks its thread at 1.000 s: std::thread::sleep (2s)\n"), "{said}");
    assert!(
        said.contains(
            "note: the body blocks its thread at 0.000 s: std::thread::sleep (1s), allowed: the baseline knows it\n"
        ),
        "{said}"
    );
}

#[test]
fn overwrite_writes_it_in_one_run_that_passes() {
    let baseline = Baseline::new("written");

    let (passes, said) = baseline.run("known::first", "overwrite");

    assert!(passes, "{said}");
    assert_eq!(baseline.lines(), [FIRST]);
    assert!(baseline.run("known::first", "").0);
}

#[test]
fn overwrite_keeps_what_other_tests_wrote() {
    let other = "files std::fs::read in shop::legacy::load";
    let baseline = Baseline::written("kept", &[other]);

    let (passes, said) = baseline.run("known::first", "overwrite");

    assert!(passes, "{said}");
    assert_eq!(baseline.lines(), [other, FIRST]);
}

#[test]
fn overwrite_leaves_the_file_alone_where_nothing_is_new() {
    let text = format!("# a comment of one's own\n{FIRST}\n");
    let baseline = Baseline::written("alone", &[&text]);

    let (passes, said) = baseline.run("known::first", "overwrite");

    assert!(passes, "{said}");
    assert_eq!(fs::read_to_string(&baseline.0).unwrap(), text);
}

#[test]
fn what_only_warns_is_written_too_and_then_does_not_warn() {
    let baseline = Baseline::new("warned");
    assert!(baseline.run("known::warned", "").1.contains("standstill: warning: "));

    let (passes, said) = baseline.run("known::warned", "overwrite");

    assert!(passes && !said.contains("standstill: warning: "), "{said}");
    assert_eq!(baseline.lines(), ["files std::fs::metadata in blocking::baseline::known::warned"]);
    let (passes, said) = baseline.run("known::warned", "");
    assert!(passes && !said.contains("standstill: warning: "), "{said}");
}

#[test]
fn tests_of_one_process_write_the_same_file() {
    let baseline = Baseline::new("one-process");

    let (passes, said) = baseline.run("known::", "overwrite");

    assert!(passes, "{said}");
    assert_eq!(baseline.lines().len(), 6, "{:?}", baseline.lines());
}

#[test]
fn processes_that_write_it_at_once_lose_nothing() {
    let baseline = Baseline::new("at-once");
    let tests = ["first", "second", "third", "fourth", "warned", "first_and_more"].map(|test| format!("known::{test}"));

    let twice = &tests[..2];
    let children: Vec<_> = tests.iter().chain(twice).map(|test| baseline.start(test, "overwrite")).collect();

    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    }
    let lines = baseline.lines();
    let expected = [
        "files std::fs::metadata in blocking::baseline::known::warned",
        "sleeps std::thread::sleep in blocking::baseline::known::first_and_more",
        "sleeps std::thread::sleep in blocking::baseline::known::fourth",
        "sleeps std::thread::sleep in blocking::baseline::known::second",
        "sleeps std::thread::sleep in blocking::baseline::known::sleep_of_the_first",
        "sleeps std::thread::sleep in blocking::baseline::known::third",
    ];
    assert_eq!(lines, expected);
    let (passes, said) = baseline.run("known::", "");
    assert!(passes, "{said}");
}

#[test]
fn another_mode_than_overwrite_is_refused() {
    let baseline = Baseline::new("mode");

    for test in ["known::first", "known::warned"] {
        let (passes, said) = baseline.run(test, "overwirte");

        assert!(!passes && said.contains("environment variable STANDSTILL=overwirte: expected overwrite"), "{said}");
    }
}

#[test]
fn a_baseline_that_cannot_be_read_fails_the_test_by_its_name() {
    let baseline = Baseline::new("folder");
    fs::create_dir(&baseline.0).unwrap();

    let (passes, said) = baseline.run("known::first", "");

    fs::remove_dir(&baseline.0).unwrap();
    assert!(!passes && said.contains("the baseline /"), "{said}");
    assert!(said.contains("-folder-baseline.txt could not be read: "), "{said}");
}
