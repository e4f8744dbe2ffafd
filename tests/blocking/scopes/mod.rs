//! What a test allows and what it denies, by scope, by function and by category.

mod allowed;
mod attribute;
mod engines;
mod environment;
mod futures;
mod levels;
mod rules;

use std::env;
use std::process::{Command, Output};
use std::thread;
use std::time::Duration;

use standstill::blocking::Policy;
use standstill::{Builder, Failure, Kind};

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

/// Runs one of this binary's tests in a process of its own.
pub(crate) fn alone(test: &str, variables: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args([test, "--exact", "--include-ignored"]);
    for (name, _) in env::vars_os() {
        if name.to_str().is_some_and(|name| name.starts_with("STANDSTILL") || name.starts_with("NEXTEST")) {
            command.env_remove(name);
        }
    }
    command.envs(variables.iter().copied()).output().unwrap()
}

/// All that a test said.
pub(crate) fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}
