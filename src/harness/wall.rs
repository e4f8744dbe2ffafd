use std::collections::BTreeMap;
use std::fs;
use std::io::{Write, stderr};
use std::process;
use std::sync::{Arc, Condvar, Mutex, Once};
use std::thread;
use std::time::{Duration, Instant};

use super::evidence::Evidence;
use super::report;
use super::settings::Settings;
use crate::bubble::{Bubble, Cut, lock};

/// How long, in real time, a test that is past its limit may take to end by itself.
pub(super) const GRACE: Duration = Duration::from_secs(1);

/// How many more times that is waited, on a slow machine, for the report of a test that does end by itself.
pub(super) const PATIENCE: u32 = 30;

/// The runs that a thread of their own watches, by the instant at which it must look, and a number.
static WATCHED: Mutex<BTreeMap<(Instant, u64), Run>> = Mutex::new(BTreeMap::new());
static CHANGED: Condvar = Condvar::new();

struct Run {
    bubble: Arc<Bubble>,
    settings: Settings,
    was_told: bool,
    /// How many more times it is waited for once it answers.
    extra: u32,
}

/// Keeps a run under watch until dropped.
pub(super) struct Watched {
    number: u64,
}

impl Drop for Watched {
    fn drop(&mut self) {
        lock(&WATCHED).retain(|(_, number), _| *number != self.number);
    }
}

/// Watches a run on a thread that cannot be left: past the limit and the grace, the process ends with a report.
pub(super) fn watch(bubble: &Arc<Bubble>, settings: &Settings) -> Watched {
    static START: Once = Once::new();
    static NUMBERS: Mutex<u64> = Mutex::new(0);

    START.call_once(|| {
        let dog = thread::Builder::new().name("standstill wall limit".to_owned()).spawn(keep_watch);
        dog.unwrap_or_else(|error| panic!("the thread that enforces the wall limit could not start: {error}"));
    });
    let number = {
        let mut numbers = lock(&NUMBERS);
        *numbers += 1;
        *numbers
    };
    // A limit too far away to be an instant is none.
    if let Some(at) = Instant::now().checked_add(settings.wall_timeout) {
        let run = Run { bubble: Arc::clone(bubble), settings: settings.clone(), was_told: false, extra: PATIENCE };
        lock(&WATCHED).insert((at, number), run);
        CHANGED.notify_one();
    }
    Watched { number }
}

fn keep_watch() {
    let mut watched = lock(&WATCHED);
    loop {
        let now = Instant::now();
        let Some((&(at, number), _)) = watched.first_key_value() else {
            watched = CHANGED.wait(watched).unwrap_or_else(std::sync::PoisonError::into_inner);
            continue;
        };
        if at > now {
            watched = CHANGED.wait_timeout(watched, at - now).unwrap_or_else(std::sync::PoisonError::into_inner).0;
            continue;
        }
        let Some(mut run) = watched.remove(&(at, number)) else { continue };
        if is_debugged() {
            watched.insert((now + run.settings.wall_timeout.max(GRACE), number), run);
        } else if run.was_told && run.bubble.root.is_answering() && run.extra > 0 {
            run.extra -= 1;
            watched.insert((now + GRACE, number), run);
        } else if run.was_told {
            // Not by `eprint!`: this thread inherited the output capture of whichever test started it, which ends with the process.
            let _ = stderr().write_all(overdue(&run.bubble, &run.settings).as_bytes());
            process::exit(101);
        } else {
            run.bubble.root.cut(Cut::WallLimit);
            run.was_told = true;
            watched.insert((now + GRACE, number), run);
        }
    }
}

fn overdue(bubble: &Bubble, settings: &Settings) -> String {
    report::overdue(Evidence::of(bubble, settings), None)
}

/// Whether a debugger is attached, as Linux tells it; elsewhere nobody is known to be.
pub(super) fn is_debugged() -> bool {
    fs::read_to_string("/proc/self/status").is_ok_and(|status| {
        status.lines().any(|line| line.strip_prefix("TracerPid:").is_some_and(|pid| pid.trim() != "0"))
    })
}
