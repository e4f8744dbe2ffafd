use std::env;
use std::fmt::Display;
use std::time::{Duration, SystemTime};

use super::runs::Runs;
use super::seed::Seed;
use super::{Builder, Flavor, Level, Time, UnhandledPanic, warn};
use crate::blocking::{self, Category, Policy, Seeker};
use crate::clock::TOO_LATE;
use crate::os;

/// The options of one run, with nothing left open.
#[derive(Clone)]
pub(super) struct Settings {
    pub(super) flavor: Flavor,
    pub(super) worker_threads: Option<usize>,
    pub(super) name: Option<String>,
    pub(super) ends_at_panic: bool,
    pub(super) clock: ClockKind,
    pub(super) timeout: Option<Duration>,
    pub(super) wall_timeout: Duration,
    pub(super) leaks: Level,
    pub(super) task_panics: Level,
    pub(super) never_polled: Level,
    pub(super) blocking: Policy,
    pub(super) seeker: Seeker,
    /// How much CPU time a poll may take; `None` if that is no matter.
    #[cfg_attr(not(seam), expect(dead_code, reason = "only the seam sees threads"))]
    pub(super) poll_budget: Option<Duration>,
    pub(super) stuck_after: u64,
    /// `None` if random bytes are the system's.
    pub(super) seed: Option<Seed>,
    #[cfg_attr(not(seam), expect(dead_code, reason = "there is no clock here that could start at it"))]
    pub(super) start_time: Option<Duration>,
}

impl Settings {
    #[track_caller]
    pub(super) fn new(options: Builder, runs: Runs, origin: &str, seeker: Seeker) -> Self {
        check(&options);
        let clock = clock(&options);
        let seed = seed(&options, runs, clock, origin);
        let start_time = start_time(&options, clock);
        let blocking = blocking(options.blocking);
        let poll_budget = set(options.poll_budget, "STANDSTILL_POLL_BUDGET", duration).unwrap_or(blocking::POLL_BUDGET);
        Self {
            flavor: options.flavor,
            worker_threads: options.worker_threads,
            name: options.name,
            ends_at_panic: options.unhandled_panic == UnhandledPanic::ShutdownRuntime,
            clock,
            timeout: set(options.timeout, "STANDSTILL_TIMEOUT", duration),
            wall_timeout: set(options.wall_timeout, "STANDSTILL_WALL_TIMEOUT", duration)
                .unwrap_or(Duration::from_mins(1)),
            leaks: set(options.leaks, "STANDSTILL_LEAKS", str::parse).unwrap_or(Level::Allow),
            task_panics: set(options.task_panics, "STANDSTILL_TASK_PANICS", str::parse).unwrap_or(Level::Deny),
            never_polled: set(options.never_polled, "STANDSTILL_NEVER_POLLED", str::parse).unwrap_or(Level::Warn),
            poll_budget: (blocking.level_of(Category::Cpu) > Level::Allow).then_some(poll_budget),
            blocking,
            seeker,
            stuck_after: set(options.stuck_after, "STANDSTILL_STUCK_AFTER", jumps).unwrap_or(1_000_000),
            seed,
            start_time,
        }
    }
}

/// Refuses options that contradict each other, as the attribute does.
#[track_caller]
fn check(options: &Builder) {
    let is_multi_thread = options.flavor == Flavor::MultiThread;
    if let Some(count) = options.worker_threads {
        assert!(is_multi_thread, "`worker_threads` needs `Flavor::MultiThread`");
        assert!(count > 0, "`worker_threads` takes a number above 0");
    }
    if options.start_paused {
        assert!(!is_multi_thread, "`start_paused` needs `Flavor::CurrentThread`, as in tokio");
        assert!(
            options.time != Some(Time::Real),
            "`Time::Real` and `start_paused` contradict each other: leave out one of them"
        );
    }
    if options.unhandled_panic == UnhandledPanic::ShutdownRuntime {
        assert!(!is_multi_thread, "`unhandled_panic` needs `Flavor::CurrentThread`, as in tokio");
    }
}

/// What blocking calls do to the test: as it says, or else as the environment does. Who denies some where they cannot be found is
/// told so; for all others it is off there.
#[track_caller]
fn blocking(option: Option<Policy>) -> Policy {
    let denies = option.as_ref().is_some_and(Policy::denies);
    let policy = completed(option.unwrap_or_default());
    if !policy.is_on() {
        return policy;
    }
    match blocking::support() {
        Ok(()) => {
            blocking::check_mode();
            policy
        }
        Err(why) if denies => panic!("`blocking` can do nothing here: {why}"),
        Err(_) => Policy::all(Level::Allow),
    }
}

/// What moves a test's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ClockKind {
    /// All of the test in virtual time.
    #[cfg(seam)]
    Bubble,
    /// Only `tokio::time`, which every platform has.
    Portable,
    Real,
}

impl ClockKind {
    /// Whether all of the test is in virtual time.
    fn is_whole(self) -> bool {
        !matches!(self, Self::Portable | Self::Real)
    }
}

#[track_caller]
fn clock(options: &Builder) -> ClockKind {
    let wanted = set(None, "STANDSTILL_ENGINE", engine).unwrap_or_default();
    let is_local = options.flavor == Flavor::CurrentThread;
    let clock = match (options.time, wanted) {
        (Some(Time::Real), _) => ClockKind::Real,
        // Who asks for tokio's own paused clock gets that.
        _ if options.start_paused && is_local => ClockKind::Portable,
        #[cfg(seam)]
        (_, Wanted::Bubble) if os::support().is_active() => ClockKind::Bubble,
        _ if is_local => ClockKind::Portable,
        (None, _) => ClockKind::Real,
        (Some(Time::Virtual), _) => {
            panic!(
                "`time = \"virtual\"` can do nothing for `flavor = \"multi_thread\"` here: {}",
                why_not_whole(options)
            )
        }
    };
    let is_chosen = wanted == Wanted::Portable || options.start_paused || options.time == Some(Time::Real);
    if !is_chosen && !clock.is_whole() {
        warn::of_less_than_wanted(&os::support());
    }
    clock
}

/// Why not all of a test is in virtual time.
fn why_not_whole(options: &Builder) -> String {
    if options.time == Some(Time::Real) {
        "this test runs on the real clock".to_owned()
    } else if options.start_paused {
        "`start_paused = true` asks for tokio's own clock".to_owned()
    } else if os::support().is_active() {
        "STANDSTILL_ENGINE=portable is set".to_owned()
    } else {
        os::support().to_string()
    }
}

/// The time at which the system's clock starts, since 1970; who sets one where it has no effect is told why not.
#[track_caller]
fn start_time(options: &Builder, clock: ClockKind) -> Option<Duration> {
    let time = options.start_time?;
    if clock.is_whole() {
        let Ok(since_1970) = time.duration_since(SystemTime::UNIX_EPOCH) else {
            panic!("`start_time` takes no time before 1970");
        };
        assert!(since_1970 < TOO_LATE, "`start_time` takes no time after 2499");
        return Some(since_1970);
    }
    panic!(
        "`start_time` can do nothing here: the system's clock is virtual only where all of a test is, and {}",
        why_not_whole(options)
    )
}

/// The seed, where it has an effect; who asks for one elsewhere is told why not.
#[track_caller]
fn seed(options: &Builder, runs: Runs, clock: ClockKind, origin: &str) -> Option<Seed> {
    if clock.is_whole() {
        return Seed::new(options.seed, options.random, origin);
    }
    if let Some(option) = runs.option().or(options.seed.map(|_| "seed")) {
        let why = why_not_whole(options);
        panic!(
            "`{option}` can do nothing here: random bytes come from a seed only where all of a test is in virtual time, and {why}"
        );
    }
    None
}

/// Which engine is to be used where there is a choice.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Wanted {
    #[default]
    Bubble,
    Portable,
}

fn engine(text: &str) -> Result<Wanted, &'static str> {
    match text {
        "bubble" => Ok(Wanted::Bubble),
        "portable" => Ok(Wanted::Portable),
        _ => Err("expected bubble or portable"),
    }
}

fn duration(text: &str) -> Result<Duration, String> {
    humantime::parse_duration(text)
        .map_err(|error| format!("expected a duration such as 250ms, 5s or \"1h 30m\": {error}"))
}

/// What a policy leaves open is as the environment says.
#[track_caller]
pub(crate) fn completed(policy: Policy) -> Policy {
    policy.or(&set(None, "STANDSTILL_BLOCKING", str::parse).unwrap_or_default())
}

fn jumps(text: &str) -> Result<u64, String> {
    match text.replace('_', "").parse() {
        Ok(0) => Err("expected a number of jumps such as 1_000_000, got none at all".to_owned()),
        Ok(jumps) => Ok(jumps),
        Err(error) => Err(format!("expected a number of jumps such as 1_000_000: {error}")),
    }
}

/// What the test sets, or else the environment. A plain call, so that a panic names the test's line.
#[track_caller]
pub(super) fn set<T, E: Display>(option: Option<T>, name: &str, parse: impl Fn(&str) -> Result<T, E>) -> Option<T> {
    if option.is_some() {
        return option;
    }
    let text = env::var(name).ok().filter(|text| !text.is_empty())?;
    match parse(&text) {
        Ok(value) => Some(value),
        Err(error) => panic!("environment variable {name}={text}: {error}"),
    }
}
