//! This binary's own tests, in processes of their own.

use std::env;
use std::process::{Command, Output};

/// Runs one test, with nothing of the environment that this crate or nextest reads.
pub(crate) fn alone(test: &str, variables: &[(&str, &str)]) -> Output {
    tests(test).arg("--exact").envs(variables.iter().copied()).output().unwrap()
}

/// Of the same kind, what runs all tests whose names have this in them.
pub(crate) fn tests(names: &str) -> Command {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args([names, "--include-ignored"]);
    for (name, _) in env::vars_os() {
        if name.to_str().is_some_and(|name| name.starts_with("STANDSTILL") || name.starts_with("NEXTEST")) {
            command.env_remove(name);
        }
    }
    command
}

/// All that a test said.
pub(crate) fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}
