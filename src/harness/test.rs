use std::any::Any;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;

use super::evidence::Evidence;
use super::settings::Settings;
use super::verdict::{Outcome, Verdict};
use super::wall::{GRACE, PATIENCE, is_debugged};
use super::{Builder, Identity, failure, report, run, warn};
use crate::bubble::{Bubble, Cut};

/// What is left of a test when it leaves its thread: only text, and the payload of a panic.
enum Left {
    Passed,
    Failed { report: String, payload: Option<Box<dyn Any + Send>> },
}

/// Runs a test's body on a fresh thread, and fails the calling one if it failed.
///
/// The body's output stays on its thread, so it need not be `Send`: `judge` says there whether it is an error.
/// With `should_panic`, only a panic of the body is passed on.
///
/// # Panics
///
/// Panics if the test failed: that is how libtest is told.
#[track_caller]
pub fn test<T: 'static>(
    options: Builder,
    test: &Identity,
    should_panic: bool,
    body: impl AsyncFnOnce() -> T + Send + 'static,
    judge: fn(T) -> Result<(), String>,
) {
    let settings = Settings::new(options);
    let bubble = run::open(&settings);
    let (leave, left) = mpsc::channel();
    let spawned = thread::Builder::new().name(test.test().to_owned()).spawn({
        let (settings, bubble, test) = (settings.clone(), Arc::clone(&bubble), test.clone());
        move || {
            let verdict = run::conduct(&settings, &bubble, body);
            warn::each(&verdict.findings);
            // Nobody listens any more if the wall limit came first.
            let _ = leave.send(settle(verdict, judge, &test));
        }
    });
    spawned.unwrap_or_else(|error| panic!("the test's thread could not start: {error}"));

    match wait(&left, &settings, &bubble, test) {
        Left::Passed => {}
        Left::Failed { report, payload } => {
            eprint!("{report}");
            match payload {
                Some(payload) => resume_unwind(payload),
                None if should_panic => {}
                None => resume_unwind(Box::new(failure::first_line(&report))),
            }
        }
    }
}

fn settle<T>(verdict: Verdict<T>, judge: fn(T) -> Result<(), String>, test: &Identity) -> Left {
    let Verdict { outcome, findings, at } = verdict;
    let (outcome, error) = match outcome {
        Outcome::Finished(output) => (Outcome::Finished(()), judge(output).err()),
        Outcome::Panicked(payload) => (Outcome::Panicked(payload), None),
        Outcome::Cut => (Outcome::Cut, None),
    };
    let verdict = Verdict { outcome, findings, at };
    let is_fine =
        matches!(verdict.outcome, Outcome::Finished(())) && error.is_none() && verdict.denied().next().is_none();
    if is_fine {
        return Left::Passed;
    }
    let report = report::verdict(&verdict, error.as_deref(), Some(test));
    match verdict.outcome {
        Outcome::Panicked(payload) => Left::Failed { report, payload: Some(payload) },
        _ => Left::Failed { report, payload: None },
    }
}

/// Waits for the test's thread, up to the wall limit; past it, for as long as a test needs that can still end by itself.
fn wait(left: &Receiver<Left>, settings: &Settings, bubble: &Bubble, test: &Identity) -> Left {
    loop {
        match left.recv_timeout(settings.wall_timeout) {
            Err(RecvTimeoutError::Timeout) if is_debugged() => {}
            Err(RecvTimeoutError::Timeout) => break,
            left => return left.unwrap_or_else(|_| lost(test)),
        }
    }
    bubble.root.cut(Cut::WallLimit);
    for _ in 0..=PATIENCE {
        match left.recv_timeout(GRACE) {
            Err(RecvTimeoutError::Timeout) if bubble.root.is_answering() => {}
            Err(RecvTimeoutError::Timeout) => break,
            left => return left.unwrap_or_else(|_| lost(test)),
        }
    }
    Left::Failed { report: report::overdue(Evidence::of(bubble, settings), Some(test)), payload: None }
}

/// Only a panic of the harness itself, which has printed its own message, ends the thread without a word.
fn lost(test: &Identity) -> Left {
    Left::Failed {
        report: format!("standstill: the harness itself panicked; to run it again\n  {test}\n"),
        payload: None,
    }
}
