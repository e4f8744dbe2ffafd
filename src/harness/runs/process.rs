use std::env;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio, id};
use std::sync::atomic::{AtomicU64, Ordering};

use super::child::{BEGIN, END, LOG, TEST};
use crate::harness::{Identity, seed};

/// A run that has ended.
pub(super) struct Ended {
    pub(super) status: ExitStatus,
    /// What the test printed, or all that the process did if the test did not begin.
    pub(super) output: String,
    pub(super) has_begun: bool,
    /// Whether the harness has said all that it had to say.
    pub(super) is_whole: bool,
    pub(super) log: String,
}

impl Ended {
    /// Whether it came to its end, and not only its process.
    pub(super) fn has_passed(&self) -> bool {
        self.status.success() && self.is_whole
    }
}

/// Runs a test under a seed, in a process of its own.
pub(super) fn run(test: &Identity, seed: u64, has_log: bool) -> io::Result<Ended> {
    let log = has_log.then(LogFile::new);
    let (mut reader, writer) = io::pipe()?;
    let mut command = Command::new(env::current_exe()?);
    // The test may be an ignored one, and its name is to stand in one line with its result.
    command.args([test.test(), "--exact", "--nocapture", "--include-ignored", "--test-threads=2"]);
    command.env(seed::VARIABLE, seed.to_string()).env(TEST, test.test()).env_remove(LOG);
    if let Some(log) = &log {
        command.env(LOG, &log.path);
    }
    command.stdin(Stdio::null()).stdout(writer.try_clone()?).stderr(writer);
    let mut process = command.spawn()?;
    // It has the other ends of the pipe.
    drop(command);
    let mut output = Vec::new();
    reader.read_to_end(&mut output)?;
    let status = process.wait()?;

    let output = String::from_utf8_lossy(&output);
    let begun = output.split_once(BEGIN).map(|(_, output)| output);
    let ended = begun.and_then(|output| output.split_once(END)).map(|(output, _)| output);
    Ok(Ended {
        status,
        has_begun: begun.is_some(),
        is_whole: ended.is_some(),
        output: ended.or(begun).unwrap_or(&output).to_owned(),
        log: log.map_or_else(String::new, |log| log.read()),
    })
}

/// A file for one log, removed when dropped.
struct LogFile {
    path: PathBuf,
}

impl LogFile {
    fn new() -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);

        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        Self { path: env::temp_dir().join(format!("standstill-{}-{number}.log", id())) }
    }

    /// Empty if the run did not come to its end.
    fn read(&self) -> String {
        let path: &Path = &self.path;
        fs::read_to_string(path).unwrap_or_default()
    }
}

impl Drop for LogFile {
    fn drop(&mut self) {
        // A run that did not come to its end has left none.
        let _ = fs::remove_file(&self.path);
    }
}
