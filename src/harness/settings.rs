use std::env;
use std::fmt::Display;
use std::time::Duration;

use super::{Builder, Flavor, Level, Time, UnhandledPanic};

/// The options of one run, with nothing left open.
#[derive(Clone)]
pub(super) struct Settings {
    pub(super) flavor: Flavor,
    pub(super) worker_threads: Option<usize>,
    pub(super) name: Option<String>,
    pub(super) ends_at_panic: bool,
    pub(super) is_virtual: bool,
    pub(super) timeout: Option<Duration>,
    pub(super) wall_timeout: Duration,
    pub(super) leaks: Level,
    pub(super) task_panics: Level,
    pub(super) never_polled: Level,
    pub(super) stuck_after: u64,
}

impl Settings {
    #[track_caller]
    pub(super) fn new(options: Builder) -> Self {
        Self {
            flavor: options.flavor,
            worker_threads: options.worker_threads,
            name: options.name,
            ends_at_panic: options.unhandled_panic == UnhandledPanic::ShutdownRuntime,
            is_virtual: options.time == Time::Virtual && options.flavor == Flavor::CurrentThread,
            timeout: set(options.timeout, "STANDSTILL_TIMEOUT", duration),
            wall_timeout: set(options.wall_timeout, "STANDSTILL_WALL_TIMEOUT", duration)
                .unwrap_or(Duration::from_mins(1)),
            leaks: set(options.leaks, "STANDSTILL_LEAKS", str::parse).unwrap_or(Level::Allow),
            task_panics: set(options.task_panics, "STANDSTILL_TASK_PANICS", str::parse).unwrap_or(Level::Deny),
            never_polled: set(options.never_polled, "STANDSTILL_NEVER_POLLED", str::parse).unwrap_or(Level::Warn),
            stuck_after: set(options.stuck_after, "STANDSTILL_STUCK_AFTER", jumps).unwrap_or(1_000_000),
        }
    }
}

fn duration(text: &str) -> Result<Duration, String> {
    humantime::parse_duration(text)
        .map_err(|error| format!("expected a duration such as 250ms, 5s or \"1h 30m\": {error}"))
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
fn set<T, E: Display>(option: Option<T>, name: &str, parse: impl Fn(&str) -> Result<T, E>) -> Option<T> {
    if option.is_some() {
        return option;
    }
    let text = env::var(name).ok().filter(|text| !text.is_empty())?;
    match parse(&text) {
        Ok(value) => Some(value),
        Err(error) => panic!("environment variable {name}={text}: {error}"),
    }
}
