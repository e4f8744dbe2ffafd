//! What a test allows and what it denies, by scope, by function and by category.

mod allowed;
mod attribute;
mod engines;
mod environment;
mod futures;
mod levels;
mod rules;

use std::thread;
use std::time::Duration;

use standstill::blocking::Policy;
use standstill::{Builder, Failure, Kind};

use crate::alone::{alone, said};

fn pause() {
    thread::sleep(Duration::from_secs(1));
}

fn run(policy: Policy, body: impl AsyncFnOnce()) -> Result<(), Failure> {
    Builder::new().blocking(policy).try_run(body)
}

/// Runs a body that blocks too often; gives how often it sleeps without being allowed to.
#[track_caller]
fn found(body: impl AsyncFnOnce()) -> u64 {
    let Err(failure) = run(Policy::new(), body) else { return 0 };
    assert_eq!(failure.kind(), Kind::Blocking, "{failure}");
    let report = failure.to_string();
    let lines = report.lines().filter(|line| line.contains("blocks its thread") && !line.contains("allowed:"));
    lines
        .map(|line| {
            line.rsplit_once(", ").and_then(|(_, count)| count.strip_suffix(" times")?.parse().ok()).unwrap_or(1)
        })
        .sum()
}
