use std::collections::BTreeMap;
use std::fs;
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, Once};
use std::thread;
use std::time::{Duration, Instant};

use super::evidence::Evidence;
use super::looks::Looks;
use super::settings::Settings;
use super::{finding, report};
use crate::bubble::{Bubble, Cut, lock, say_aloud};
use crate::{clock, os};

/// How long, in real time, a test that is past its limit may take to end by itself.
pub(super) const GRACE: Duration = Duration::from_secs(1);

/// A limit too far away to be an instant.
const FOR_EVER: Duration = Duration::from_hours(100 * 365 * 24);

/// How many more times that is waited, on a slow machine, for the report of a test that does end by itself.
pub(super) const PATIENCE: u32 = 30;

/// How many of those are left when it is no longer waited for the test to come to rest first.
pub(super) const HURRY: u32 = PATIENCE - 3;

/// The runs that a thread of their own watches, by the instant at which it must look, and a number.
type Runs = BTreeMap<(Instant, u64), Run>;
type Locked = MutexGuard<'static, Runs>;

static WATCHED: Mutex<Runs> = Mutex::new(Runs::new());
static CHANGED: Condvar = Condvar::new();

struct Run {
    bubble: Arc<Bubble>,
    settings: Settings,
    looks: Arc<Mutex<Looks>>,
    /// When its time is up, or must be judged again.
    limit: Instant,
    told: Option<Cut>,
    /// How many more times it is waited for once it answers.
    extra: u32,
}

impl Run {
    /// When it must be looked at next.
    fn next(&self, now: Instant) -> Instant {
        let period = lock(&self.looks).period().filter(|_| self.told.is_none());
        period.map_or(self.limit, |period| self.limit.min(now + period))
    }

    /// With its time up once more, later.
    fn until(self, limit: Instant) -> Self {
        Self { limit, ..self }
    }
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
    static NUMBERS: AtomicU64 = AtomicU64::new(0);

    START.call_once(|| {
        // A thread of a bubble may be the first to need it, and this one is none.
        let dog = os::inside(|| thread::Builder::new().name("standstill wall limit".to_owned()).spawn(keep_watch));
        dog.unwrap_or_else(|error| panic!("the thread that enforces the wall limit could not start: {error}"));
    });
    let number = NUMBERS.fetch_add(1, Ordering::Relaxed);
    bubble.root.on_stuck(move || stuck(number));
    let now = clock::real();
    let limit = now.checked_add(settings.wall_timeout).unwrap_or(now + FOR_EVER);
    let looks = Arc::new(Mutex::new(Looks::new(settings, bubble)));
    let run = Run { bubble: Arc::clone(bubble), settings: settings.clone(), looks, limit, told: None, extra: PATIENCE };
    lock(&WATCHED).insert((run.next(now), number), run);
    CHANGED.notify_one();
    Watched { number }
}

/// Has a run that is stuck looked at soon: its thread may be blocked.
fn stuck(number: u64) {
    let mut watched = lock(&WATCHED);
    let Some(&key) = watched.keys().find(|(_, run)| *run == number) else { return };
    if let Some(mut run) = watched.remove(&key) {
        run.told.get_or_insert(Cut::Stuck);
        let limit = clock::real() + GRACE;
        watched.insert((limit, number), run.until(limit));
        drop(watched);
        CHANGED.notify_one();
    }
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
        if now < run.limit {
            let (looks, bubble) = (Arc::clone(&run.looks), Arc::clone(&run.bubble));
            watched.insert((run.next(now), number), run);
            watched = unlocked(watched, move || lock(&looks).look(&bubble));
        } else if is_debugged() {
            let limit = now + run.settings.wall_timeout.max(GRACE);
            watched.insert((limit, number), run.until(limit));
        } else if run.told.is_some() && run.bubble.root.is_answering() && run.extra > 0 {
            run.extra -= 1;
            let hurried = (run.extra == HURRY).then(|| Arc::clone(&run.bubble));
            watched.insert((now + GRACE, number), run.until(now + GRACE));
            if let Some(bubble) = hurried {
                watched = unlocked(watched, move || bubble.root.hurry());
            }
        } else if let Some(why) = run.told {
            drop(watched);
            // This thread inherited the output capture of whichever test started it, which ends with the process.
            say_aloud(&overdue(why, &run.bubble, &run.settings));
            process::exit(101);
        } else {
            let bubble = Arc::clone(&run.bubble);
            watched.insert((at, number), run);
            watched = unlocked(watched, move || tell_overdue((at, number), &bubble));
        }
    }
}

/// Does what others may have to wait for: so may who wants to tell that he is stuck, or whoever is woken.
fn unlocked(watched: Locked, run: impl FnOnce()) -> Locked {
    drop(watched);
    run();
    lock(&WATCHED)
}

/// Has a run end whose time is up, unless it has been looked at otherwise meanwhile.
fn tell_overdue(key: (Instant, u64), bubble: &Bubble) {
    let why = if bubble.clock.is_idle() { Cut::Stuck } else { Cut::WallLimit };
    let mut watched = lock(&WATCHED);
    let Some(mut run) = watched.remove(&key) else { return };
    run.told = Some(why);
    let limit = Instant::now() + GRACE;
    watched.insert((limit, key.1), run.until(limit));
    drop(watched);
    bubble.root.cut_overdue(why);
}

fn overdue(why: Cut, bubble: &Bubble, settings: &Settings) -> String {
    report::overdue(why, Evidence::of(bubble, settings), &finding::blocking(bubble, settings, false), None)
}

/// Whether a debugger is attached, as Linux tells it; elsewhere nobody is known to be.
pub(super) fn is_debugged() -> bool {
    fs::read_to_string("/proc/self/status").is_ok_and(|status| {
        status.lines().any(|line| line.strip_prefix("TracerPid:").is_some_and(|pid| pid.trim() != "0"))
    })
}
