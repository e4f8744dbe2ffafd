use std::fs;
use std::sync::{Mutex, mpsc};
use std::thread;

use standstill::blocking::{Category, Policy};
use standstill::{Kind, Level};

use super::{pause, run};

fn reads_a_file() {
    fs::metadata("Cargo.toml").unwrap();
}

fn waits_for_a_lock() {
    let (mutex, (locked, is_locked)) = (Mutex::new(()), mpsc::channel());
    thread::scope(|scope| {
        scope.spawn(|| {
            let _guard = mutex.lock().unwrap();
            locked.send(()).unwrap();
            pause();
        });
        is_locked.recv().unwrap();
        drop(mutex.lock().unwrap());
    });
}

#[test]
fn files_only_warn() {
    run(Policy::new(), async || reads_a_file()).unwrap();
}

#[test]
fn locks_only_warn() {
    run(Policy::new().level(Category::Joins, Level::Allow), async || waits_for_a_lock()).unwrap();
}

#[test]
fn sleeps_fail_the_test() {
    assert_eq!(run(Policy::new(), async || pause()).unwrap_err().kind(), Kind::Blocking);
}

#[test]
fn a_category_that_is_denied_fails_the_test() {
    let failure = run(Policy::new().level(Category::Files, Level::Deny), async || reads_a_file()).unwrap_err();

    assert!(failure.to_string().contains("std::fs::metadata (Cargo.toml)"), "{failure}");
}

#[test]
fn a_category_that_warns_does_not_fail_the_test() {
    run(Policy::new().level(Category::Sleeps, Level::Warn), async || pause()).unwrap();
}

#[test]
fn a_category_that_is_allowed_is_listed_where_the_test_fails_for_something_else() {
    let policy = Policy::new().level(Category::Sleeps, Level::Allow).level(Category::Files, Level::Deny);
    let failure = run(policy, async || {
        pause();
        reads_a_file();
    })
    .unwrap_err();

    let report = failure.to_string();
    assert!(report.starts_with("standstill: the body blocks its thread at 1.000 s: std::fs::metadata"), "{report}");
    assert!(report.contains("\nnote: the body blocks its thread at 0.000 s: std::thread::sleep (1s)\n"), "{report}");
}

#[test]
fn where_all_is_allowed_nothing_is_listed() {
    let failure = run(Policy::all(Level::Allow), async || {
        pause();
        panic!("out of paper");
    })
    .unwrap_err();

    assert_eq!(failure.to_string(), "standstill: the test panicked at 1.000 s: out of paper\n");
}

#[test]
fn a_category_goes_before_the_level_of_all() {
    run(Policy::all(Level::Deny).level(Category::Sleeps, Level::Allow), async || pause()).unwrap();
}
