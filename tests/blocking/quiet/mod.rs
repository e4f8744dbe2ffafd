//! What is no finding, though everything is denied. Each test is named by what it does inside a poll.
#![expect(unsafe_code, reason = "some of these tests are a C program's calls")]

mod descriptors;
mod detector;
mod locks;
mod once;
mod output;
mod servers;
mod system;
mod threads;
mod tokio_locks;
mod tokio_system;
mod zero;

use std::env;
use std::fs::File;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process;

use standstill::blocking::Policy;
use standstill::{Builder, Level};

/// Runs a body in which nothing may be found.
#[track_caller]
fn quiet<T>(body: impl AsyncFnOnce() -> T) -> T {
    passes(&Builder::new(), body)
}

/// As [`quiet`], on a runtime of several threads.
#[track_caller]
fn quiet_on_many_threads<T>(body: impl AsyncFnOnce() -> T) -> T {
    passes(&Builder::new().flavor(standstill::Flavor::MultiThread).worker_threads(3), body)
}

#[track_caller]
fn passes<T>(builder: &Builder, body: impl AsyncFnOnce() -> T) -> T {
    match builder.clone().blocking(Policy::all(Level::Deny)).try_run(body) {
        Ok(output) => output,
        Err(failure) => panic!("something was found:\n{failure}"),
    }
}

/// A file of one line, which goes with this.
struct Line(PathBuf);

impl Line {
    fn new(name: &str) -> io::Result<Self> {
        let path = env::temp_dir().join(format!("standstill-{}-{name}", process::id()));
        File::create(&path)?.write_all(b"a line\n")?;
        Ok(Self(path))
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        // The folder is a temporary one.
        let _ = std::fs::remove_file(&self.0);
    }
}
