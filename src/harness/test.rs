use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use super::evidence::Evidence;
use super::looks::Looks;
use super::root::{self, Body};
use super::runs::{self, Child, Runs};
use super::seed::Seed;
use super::settings::Settings;
use super::verdict::{Outcome, Verdict};
use super::wall::{GRACE, HURRY, PATIENCE, is_debugged};
use super::{Builder, Identity, failure, finding, report, run, warn};
use crate::blocking::Seeker;
use crate::bubble::{Bubble, Cut, lock, say};

/// What is left of a test when it leaves its thread: only text, and the payload of a panic.
enum Left {
    Passed,
    Failed { report: String, payload: Option<Box<dyn Any + Send>> },
}

/// What the waiting thread hears.
enum Message {
    Left(Left),
    /// The test is stuck, which its own thread reports if it is not blocked.
    Stuck,
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
    runs: Runs,
    test: &Identity,
    should_panic: bool,
    body: impl AsyncFnOnce() -> T + Send + 'static,
    judge: fn(T) -> Result<(), String>,
) {
    watched(options, runs, test, should_panic, Box::new(move || root::body(body)), judge);
}

/// Makes a test's body, on the test's own thread.
type MakeBody<T> = Box<dyn FnOnce() -> Body<'static, T> + Send>;

#[track_caller]
fn watched<T: 'static>(
    options: Builder,
    runs: Runs,
    test: &Identity,
    should_panic: bool,
    body: MakeBody<T>,
    judge: fn(T) -> Result<(), String>,
) {
    let settings = Settings::new(options, runs, test.test(), Seeker::Test);
    let told = settings.seed.and_then(Seed::told);
    let test = &test.under(told);
    let child = Child::of(test);
    if let Some(seed) = settings.seed
        && child.is_none()
        && runs.are_elsewhere(seed)
    {
        return in_processes(runs, seed, test);
    }
    let bubble = run::open(&settings);
    if let Some(child) = &child {
        child.begin(&bubble);
    }
    let (leave, left) = mpsc::channel();
    bubble.root.on_stuck({
        let leave = Mutex::new(leave.clone());
        move || drop(lock(&leave).send(Message::Stuck))
    });
    let spawned = thread::Builder::new().name(test.test().to_owned()).spawn({
        let (settings, bubble, test) = (settings.clone(), Arc::clone(&bubble), test.clone());
        move || {
            let left = catch_unwind(AssertUnwindSafe(|| {
                let verdict = run::conduct(&settings, &bubble, body());
                warn::each(&verdict.findings);
                settle(verdict, judge, &test.dated(bubble.clock.date()))
            }));
            // Nobody listens any more if the wall limit came first.
            let _ = leave.send(Message::Left(left.unwrap_or_else(|_| lost(&test))));
        }
    });
    spawned.unwrap_or_else(|error| panic!("the test's thread could not start: {error}"));

    let left = wait(&left, &settings, &bubble, test);
    if let Left::Failed { report, .. } = &left {
        say(report);
    }
    if let Some(child) = &child {
        child.end(&bubble);
    }
    match left {
        Left::Passed => {}
        Left::Failed { report, payload } => match payload {
            Some(payload) => resume_unwind(payload),
            None if should_panic => {}
            None => resume_unwind(Box::new(failure::first_line(&report))),
        },
    }
}

/// Runs a test in processes of their own, and fails as the first of them does that fails.
fn in_processes(runs: Runs, seed: Seed, test: &Identity) {
    if let Some(fault) = runs::run(test, runs, seed) {
        let report = report::runs(&fault, &test.under(Some(fault.seed)));
        say(&report);
        resume_unwind(Box::new(failure::first_line(&report)));
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
fn wait(messages: &Receiver<Message>, settings: &Settings, bubble: &Arc<Bubble>, test: &Identity) -> Left {
    let mut looks = Looks::new(settings, bubble);
    let why = loop {
        match next(messages, settings, bubble, &mut looks) {
            Ok(Message::Left(left)) => return left,
            Ok(Message::Stuck) => break Cut::Stuck,
            Err(RecvTimeoutError::Disconnected) => return lost(test),
            Err(RecvTimeoutError::Timeout) if is_debugged() => {}
            Err(RecvTimeoutError::Timeout) => {
                bubble.root.cut(Cut::WallLimit);
                break Cut::WallLimit;
            }
        }
    };
    for left in (0..=PATIENCE).rev() {
        if left == HURRY {
            bubble.root.hurry();
        }
        match messages.recv_timeout(GRACE) {
            Ok(Message::Left(left)) => return left,
            Ok(Message::Stuck) => {}
            Err(RecvTimeoutError::Disconnected) => return lost(test),
            Err(RecvTimeoutError::Timeout) if bubble.root.is_answering() => {}
            Err(RecvTimeoutError::Timeout) => break,
        }
    }
    bubble.root.leave();
    Left::Failed {
        report: report::overdue(
            why,
            Evidence::of(bubble, settings),
            &finding::blocking(bubble, settings, false),
            Some(&test.dated(bubble.clock.date())),
        ),
        payload: None,
    }
}

/// The next message that comes within the wall limit; meanwhile it is looked at the test.
fn next(
    messages: &Receiver<Message>,
    settings: &Settings,
    bubble: &Arc<Bubble>,
    looks: &mut Looks,
) -> Result<Message, RecvTimeoutError> {
    // A limit too far away to be an instant is none.
    let limit = Instant::now().checked_add(settings.wall_timeout);
    loop {
        let left = limit.map_or(Duration::MAX, |limit| limit.saturating_duration_since(Instant::now()));
        match looks.period().filter(|period| *period < left) {
            None => return messages.recv_timeout(left),
            Some(period) => match messages.recv_timeout(period) {
                Err(RecvTimeoutError::Timeout) => looks.look(bubble),
                message => return message,
            },
        }
    }
}

/// Only a panic of the harness itself, which has printed its own message, ends the thread without a word.
fn lost(test: &Identity) -> Left {
    Left::Failed { report: report::lost(test), payload: None }
}
