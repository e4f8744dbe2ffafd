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
            timeout: options.timeout.or_else(|| from_env("STANDSTILL_TIMEOUT", duration)),
            wall_timeout: options
                .wall_timeout
                .or_else(|| from_env("STANDSTILL_WALL_TIMEOUT", duration))
                .unwrap_or(Duration::from_mins(1)),
            leaks: options.leaks.or_else(|| from_env("STANDSTILL_LEAKS", str::parse)).unwrap_or(Level::Allow),
            task_panics: options
                .task_panics
                .or_else(|| from_env("STANDSTILL_TASK_PANICS", str::parse))
                .unwrap_or(Level::Deny),
            stuck_after: options.stuck_after.or_else(|| from_env("STANDSTILL_STUCK_AFTER", jumps)).unwrap_or(1_000_000),
        }
    }
}

fn duration(text: &str) -> Result<Duration, String> {
    humantime::parse_duration(text)
        .map_err(|error| format!("expected a duration such as 250ms, 5s or \"1h 30m\": {error}"))
}

fn jumps(text: &str) -> Result<u64, String> {
    text.replace('_', "").parse().map_err(|error| format!("expected a number of jumps such as 1_000_000: {error}"))
}

#[track_caller]
fn from_env<T, E: Display>(name: &str, parse: impl Fn(&str) -> Result<T, E>) -> Option<T> {
    let text = env::var(name).ok()?;
    match parse(&text) {
        Ok(value) => Some(value),
        Err(error) => panic!("environment variable {name}={text}: {error}"),
    }
}
