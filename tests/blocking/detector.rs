//! The detector on runtimes of tokio's own, in real time.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use standstill::blocking::{Category, Detector, Finding, Policy};
use standstill::{Builder, Level};

use crate::alone::{alone, said};

const NAP: Duration = Duration::from_millis(1);

#[track_caller]
fn assert_nap(findings: &[Finding], line: u32, who: &str) {
    let [finding] = findings else { panic!("expected one finding, got {findings:#?}") };
    assert_eq!((finding.category(), finding.call()), (Category::Sleeps, "std::thread::sleep"));
    let place = finding.place().unwrap();
    assert!(place.starts_with(&format!("tests/blocking/detector.rs:{line}:")), "{place}");
    assert_eq!((finding.who(), finding.count(), finding.level()), (who, 1, Level::Deny));
}

#[tokio::test]
async fn a_tokio_test_is_watched() {
    let detector = Detector::new().watch();
    let line = line!() + 1;
    thread::sleep(NAP);
    let findings = detector.findings();
    assert_eq!(findings[0].function(), Some("blocking::detector::a_tokio_test_is_watched"));
    assert_eq!(findings[0].category(), Category::Sleeps);
    assert!(findings[0].place().unwrap().starts_with(&format!("tests/blocking/detector.rs:{line}:")));
}

#[tokio::test]
async fn a_task_of_a_tokio_test_is_watched() {
    let detector = Detector::new().watch();
    let line = line!() + 1;
    tokio::spawn(async { thread::sleep(NAP) }).await.unwrap();
    assert_nap(&detector.findings(), line, "a task");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_task_of_a_multi_thread_tokio_test_is_watched() {
    let detector = Detector::new().watch();
    let line = line!() + 1;
    tokio::spawn(async { thread::sleep(NAP) }).await.unwrap();
    assert_nap(&detector.findings(), line, "a task");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_root_of_a_multi_thread_tokio_test_is_watched() {
    let detector = Detector::new().watch();
    let line = line!() + 1;
    thread::sleep(NAP);
    let findings = detector.findings();
    assert!(findings[0].place().unwrap().starts_with(&format!("tests/blocking/detector.rs:{line}:")));
}

#[test]
fn a_runtime_built_by_hand_is_watched() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap();
    let detector = Detector::new().watch_runtime(runtime.handle());
    let line = line!() + 1;
    let task = runtime.spawn(async { thread::sleep(NAP) });
    runtime.block_on(task).unwrap();
    assert_nap(&detector.findings(), line, "a task");
}

#[test]
fn a_call_in_the_first_poll_of_a_block_on_is_found_on_either_flavor() {
    let flavors = [tokio::runtime::Builder::new_current_thread, tokio::runtime::Builder::new_multi_thread as fn() -> _];
    for flavor in flavors {
        let runtime = flavor().build().unwrap();
        let detector = Detector::new().watch_runtime(runtime.handle());
        let line = line!() + 1;
        runtime.block_on(async { thread::sleep(NAP) });
        let who = "a block_on of thread \"detector::a_call_in_the_first_poll_of_a_block_on_is_found_on_either_flavor\"";
        assert_nap(&detector.findings(), line, who);
    }
}

#[test]
fn another_runtime_is_not_watched() {
    let runtime = || tokio::runtime::Builder::new_current_thread().build().unwrap();
    let (watched, other) = (runtime(), runtime());
    let detector = Detector::new().watch_runtime(watched.handle());
    other.block_on(async { thread::sleep(NAP) });
    assert!(detector.findings().is_empty());
}

#[tokio::test]
async fn blocking_work_of_a_watched_runtime_is_not_found() {
    let detector = Detector::new().watch();
    tokio::task::spawn_blocking(|| thread::sleep(NAP)).await.unwrap();
    assert!(detector.findings().is_empty());
}

#[tokio::test]
async fn a_wait_is_found_though_its_time_is_over_before_it_begins() {
    for nanos in [1, 0] {
        let detector = Detector::new().watch();
        thread::park_timeout(Duration::from_nanos(nanos));
        assert_eq!(detector.findings().len(), usize::from(nanos > 0), "{nanos} ns");
    }
}

#[tokio::test]
async fn a_report_tells_how_long_a_wait_was_to_last() {
    let detector = Detector::new().watch();
    thread::park_timeout(NAP);
    let report = detector.findings()[0].to_string();
    assert!(report.contains(": std::thread::park_timeout (1ms)\n"), "{report}");
}

#[tokio::test]
async fn each_finding_is_told_when_they_are_taken() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let all = Arc::clone(&told);
    let tell = move |finding: &Finding| all.lock().unwrap().push((finding.call().to_owned(), finding.count()));
    let detector = Detector::new().on_finding(tell).watch();
    for _ in 0..2 {
        thread::sleep(NAP);
    }
    thread::park_timeout(NAP);
    assert_eq!(*told.lock().unwrap(), []);
    detector.findings();
    let expected = [("std::thread::sleep".to_owned(), 2), ("std::thread::park_timeout".to_owned(), 1)];
    assert_eq!(*told.lock().unwrap(), expected);
}

#[tokio::test]
async fn each_finding_is_told_when_the_watch_ends_which_then_does_not_panic() {
    let told = Arc::new(Mutex::new(0));
    let count = Arc::clone(&told);
    let detector = Detector::new().on_finding(move |_| *count.lock().unwrap() += 1).watch();
    thread::sleep(NAP);
    drop(detector);
    assert_eq!(*told.lock().unwrap(), 1);
}

#[tokio::test]
async fn a_watch_that_is_dropped_panics_with_the_report() {
    let detector = Detector::new().watch();
    thread::sleep(NAP);
    let payload = catch_unwind(AssertUnwindSafe(|| drop(detector))).unwrap_err();
    let report = payload.downcast_ref::<String>().unwrap();
    assert!(report.contains(" blocks its thread: std::thread::sleep (1ms)\n"), "{report}");
    assert!(report.contains("\n  tests/blocking/detector.rs:"), "{report}");
    assert!(report.contains("instead\n    tokio::time::sleep(..).await\n"), "{report}");
}

#[tokio::test]
async fn a_watch_that_found_nothing_ends_in_silence() {
    let detector = Detector::new().watch();
    tokio::time::sleep(NAP).await;
    drop(detector);
}

#[tokio::test]
async fn what_the_policy_allows_or_warns_of_does_not_panic() {
    let policy = Policy::new().level(Category::Sleeps, Level::Warn).level(Category::Locks, Level::Allow);
    let detector = Detector::new().policy(policy.clone()).watch();
    thread::sleep(NAP);
    thread::park_timeout(NAP);
    drop(detector);

    let detector = Detector::new().policy(policy).watch();
    thread::sleep(NAP);
    thread::park_timeout(NAP);
    let levels: Vec<_> = detector.findings().iter().map(Finding::level).collect();
    assert_eq!(levels, [Level::Warn, Level::Allow]);
}

#[tokio::test]
#[ignore = "it warns, in a process of its own"]
async fn a_warning() {
    let _detector = Detector::new().policy("warn".parse().unwrap()).watch();
    thread::sleep(NAP);
}

#[test]
fn what_the_policy_warns_of_is_said_in_a_line() {
    let output = alone("detector::a_warning", &[]);

    let said = said(&output);
    assert!(output.status.success(), "{said}");
    let line = said.lines().find(|line| line.contains("standstill: warning: ")).unwrap();
    assert!(line.starts_with("standstill: warning: detector::a_warning: "), "{line}");
    assert!(line.contains(" blocks its thread: std::thread::sleep (1ms), at tests/blocking/detector.rs:"), "{line}");
    assert!(line.ends_with(" (policy \"sleeps=allow\" silences it)"), "{line}");
}

#[tokio::test]
#[ignore = "its findings follow the environment, in a process of its own"]
async fn a_nap_and_a_park_that_is_denied() {
    let detector = Detector::new().policy("locks=deny".parse().unwrap()).watch();
    thread::sleep(NAP);
    thread::park_timeout(NAP);
    let levels: Vec<_> = detector.findings().iter().map(Finding::level).collect();
    assert_eq!(levels, [Level::Warn, Level::Deny]);
}

#[test]
fn what_the_policy_leaves_open_is_as_the_environment_says() {
    let output =
        alone("detector::a_nap_and_a_park_that_is_denied", &[("STANDSTILL_BLOCKING", "sleeps=warn, locks=allow")]);

    assert!(output.status.success(), "{}", said(&output));
}

#[tokio::test]
async fn what_the_policy_denies_panics_where_it_would_only_warn() {
    let detector = Detector::new().policy(Policy::all(Level::Deny)).watch();
    thread::park_timeout(NAP);
    let payload = catch_unwind(AssertUnwindSafe(|| drop(detector))).unwrap_err();
    assert!(payload.downcast_ref::<String>().unwrap().contains(": std::thread::park_timeout (1ms)"));
}

#[test]
fn inside_a_bubble_which_finds_by_itself_a_detector_is_refused() {
    let failure = Builder::new().try_run(async || drop(Detector::new().watch())).unwrap_err();
    assert!(failure.to_string().contains("a detector would find nothing here"), "{failure}");
}

#[tokio::test]
async fn a_rule_that_met_no_call_panics_where_the_findings_are_taken_too() {
    let detector = Detector::new().policy(Policy::new().allow_in("blocking::detector::legacy")).watch();
    let payload = catch_unwind(AssertUnwindSafe(|| detector.findings())).unwrap_err();
    let report = payload.downcast_ref::<String>().unwrap();
    assert!(
        report.starts_with(
            "standstill: \"blocking::detector::legacy\" may block (`allow_in`), but made no blocking call"
        )
    );
}
