//! Polls that keep the processor are found on runtimes of tokio's own too, in real time.

use std::backtrace::Backtrace;
use std::hint::black_box;
use std::thread;
use std::time::Duration;

use standstill::Level;
use standstill::blocking::{Category, Detector, Finding, Policy, Watch, allow_blocking};
use tokio::runtime::Builder;
use tokio::task::{LocalSet, block_in_place, spawn_blocking, spawn_local, yield_now};

use crate::cpu::{LONG, MANY, SHORT, compute, cpu_time, overdo, wakes_itself};

/// Finds it soon.
fn strict() -> Detector {
    Detector::new().policy(Policy::all(Level::Deny)).poll_budget(Duration::from_millis(10))
}

/// Lets short polls pass, whatever a page fault costs.
fn lenient() -> Detector {
    strict().poll_budget(Duration::from_millis(50))
}

/// Asserts that one poll was found, and whose.
#[track_caller]
fn assert_found(watch: Watch, who: &str) {
    let findings = watch.findings();
    let [finding] = &findings[..] else { panic!("expected one finding, got {findings:#?}") };
    assert_eq!((finding.category(), finding.who()), (Category::Cpu, who));
    let report = finding.to_string();
    assert!(report.starts_with(&format!("{who} keeps the processor: ")), "{report}");
    assert!(report.contains(" s of CPU time in one poll"), "{report}");
    assert_eq!(
        report.contains("\n  tests/blocking/cpu.rs:") || report.contains("    tests/blocking/cpu.rs:"),
        cfg!(feature = "hot-line"),
        "{report}"
    );
}

#[track_caller]
fn assert_none(watch: Watch) {
    let findings = watch.findings();
    assert!(findings.is_empty(), "{findings:#?}");
}

#[tokio::test]
async fn a_tokio_test_that_computes_is_found() {
    let watch = strict().watch();
    overdo();
    assert_found(watch, "a block_on of thread \"detector_cpu::a_tokio_test_that_computes_is_found\"");
}

#[tokio::test]
async fn a_task_that_computes_is_found() {
    let watch = strict().watch();
    tokio::spawn(async {
        yield_now().await;
        overdo();
    })
    .await
    .unwrap();
    assert_found(watch, "a task");
}

#[test]
fn a_worker_that_computes_in_its_first_poll_is_found() {
    let runtime = Builder::new_multi_thread().worker_threads(1).build().unwrap();
    let watch = strict().watch_runtime(runtime.handle());
    let task = runtime.spawn(async { overdo() });
    runtime.block_on(task).unwrap();
    assert_found(watch, "a task");
}

#[test]
fn a_worker_that_is_at_rest_when_the_watch_begins_is_found_in_its_next_poll() {
    let runtime = Builder::new_multi_thread().worker_threads(1).build().unwrap();
    runtime.block_on(runtime.spawn(async {})).unwrap();
    let watch = strict().watch_runtime(runtime.handle());
    let task = runtime.spawn(async { overdo() });
    runtime.block_on(task).unwrap();
    assert_found(watch, "a task");
}

#[test]
fn another_runtime_may_compute_once_the_watched_one_was_heard() {
    let runtime = || Builder::new_current_thread().enable_time().build().unwrap();
    let (watched, other) = (runtime(), runtime());
    let watch = strict().watch_runtime(watched.handle());
    watched.block_on(async { tokio::time::sleep(Duration::from_millis(1)).await });
    other.block_on(async { compute(LONG) });
    assert_none(watch);
}

#[test]
fn a_runtime_that_is_built_while_another_is_watched_may_compute() {
    let watched = Builder::new_multi_thread().worker_threads(1).build().unwrap();
    let watch = strict().watch_runtime(watched.handle());
    let other = Builder::new_multi_thread().worker_threads(1).build().unwrap();
    other.block_on(other.spawn(async { compute(LONG) })).unwrap();
    assert_none(watch);
}

#[tokio::test]
async fn a_local_task_that_computes_is_found() {
    let watch = strict().watch();
    LocalSet::new().run_until(async { spawn_local(async { overdo() }).await }).await.unwrap();
    assert_found(watch, "a task");
}

#[tokio::test]
async fn what_is_not_taken_panics_with_the_report() {
    let watch = strict().watch();
    overdo();
    let payload = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| drop(watch))).unwrap_err();
    assert!(payload.downcast_ref::<String>().unwrap().contains(" s of CPU time in one poll"));
}

#[tokio::test]
async fn a_callback_is_told_of_it() {
    let (told, tells) = std::sync::mpsc::channel();
    let watch = strict().on_finding(move |finding: &Finding| told.send(finding.category()).unwrap()).watch();
    overdo();
    drop(watch);
    assert_eq!(tells.iter().collect::<Vec<_>>(), [Category::Cpu]);
}

#[tokio::test]
async fn polls_that_yield_are_none() {
    let watch = lenient().watch();
    for _ in 0..MANY {
        compute(SHORT);
        yield_now().await;
    }
    assert_none(watch);
}

#[tokio::test]
async fn polls_of_tasks_that_wake_themselves_are_none() {
    let watch = lenient().watch();
    wakes_itself().await;
    tokio::spawn(wakes_itself()).await.unwrap();
    assert_none(watch);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn jobs_and_threads_may_compute() {
    let watch = strict().watch();
    spawn_blocking(|| compute(LONG)).await.unwrap();
    tokio::spawn(async { block_in_place(|| compute(LONG)) }).await.unwrap();
    let thread = thread::spawn(|| compute(LONG));
    spawn_blocking(|| thread.join().unwrap()).await.unwrap();
    assert_none(watch);
}

#[test]
fn another_runtime_may_compute() {
    let runtime = || Builder::new_current_thread().build().unwrap();
    let (watched, other) = (runtime(), runtime());
    let watch = strict().watch_runtime(watched.handle());
    watched.block_on(async {});
    other.block_on(async { compute(LONG) });
    assert_none(watch);
}

#[tokio::test]
async fn what_is_allowed_may_compute() {
    let watch = strict().watch();
    allow_blocking("a digest", || compute(LONG));
    assert!(watch.findings().iter().all(|finding| finding.level() == Level::Allow));
}

#[tokio::test]
async fn nobody_looks_where_the_category_is_allowed() {
    let watch = strict().policy(Policy::all(Level::Deny).level(Category::Cpu, Level::Allow)).watch();
    compute(LONG);
    assert_none(watch);
}

#[tokio::test]
async fn a_poll_within_its_budget_is_none() {
    let watch = strict().poll_budget(Duration::from_hours(1)).watch();
    compute(LONG);
    assert_none(watch);
}

#[tokio::test]
async fn a_poll_that_puts_stacks_into_words_is_none() {
    let watch = lenient().watch();
    let end = cpu_time() + MANY * SHORT * 1_000_000;
    while cpu_time() < end {
        black_box(Backtrace::force_capture().to_string());
    }
    assert_none(watch);
}
