//! Turning the detector on in a code base that has blocked for years: what is known passes, and what is new fails.
//!
//! Run it by `cargo run --example blocking_baseline`, and its tests by `cargo test --example blocking_baseline`.
//!
//! In a project, `STANDSTILL=overwrite cargo test` writes `blocking-baseline.txt` beside `Cargo.toml`. Check it in: from then on a test
//! fails if it makes a blocking call that is not in the file. `STANDSTILL_BASELINE` names another file.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::{env, fs, io, process, thread};

use standstill::{Builder, Failure, prelude::*};

/// Has blocked for years, and everybody knows.
#[expect(clippy::unused_async, reason = "that nothing is awaited is what is wrong with it")]
async fn load_legacy_prices() {
    thread::sleep(2.secs());
}

/// Was written yesterday.
#[expect(clippy::unused_async, reason = "that nothing is awaited is what is wrong with it")]
async fn warm_up_new_cache() {
    thread::sleep(3.secs());
}

fn test_of_old_code() -> Result<(), Failure> {
    Builder::new().try_run(async || load_legacy_prices().await)
}

fn test_of_new_code() -> Result<(), Failure> {
    Builder::new().try_run(async || warm_up_new_cache().await)
}

/// A baseline in a temporary file, which goes with this.
struct Baseline(PathBuf);

impl Baseline {
    fn new(name: &str) -> Self {
        Self(env::temp_dir().join(format!("blocking-baseline-{name}-{}.txt", process::id())))
    }

    /// Runs this program again with the baseline; says whether it went well, and what it printed.
    fn run(&self, arguments: &[&str], mode: &str) -> io::Result<(bool, String)> {
        let mut command = Command::new(env::current_exe()?);
        command.args(arguments).env("STANDSTILL_BASELINE", &self.0).env("STANDSTILL", mode);
        let output = command.output()?;
        Ok((output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned()))
    }

    /// The findings in it.
    fn lines(&self) -> io::Result<Vec<String>> {
        let text = fs::read_to_string(&self.0)?;
        Ok(text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect())
    }
}

impl Drop for Baseline {
    fn drop(&mut self) {
        // A folder of temporary files is emptied anyway.
        let _ = fs::remove_file(&self.0);
    }
}

fn story() -> io::Result<()> {
    let baseline = Baseline::new("example");
    let file = baseline.0.file_name().map_or(baseline.0.as_path(), Path::new).display();
    for (title, test, mode) in [
        ("without a baseline, the test of the old code fails", "old", ""),
        ("STANDSTILL=overwrite notes what is there, and lets it pass", "old", "overwrite"),
        ("from now on the test of the old code passes", "old", ""),
        ("what is new fails still", "new", ""),
    ] {
        let (passes, said) = baseline.run(&[test], mode)?;
        println!("{title}\n  {}", if passes { "it passes" } else { said.lines().next().unwrap_or("it fails") });
        if mode == "overwrite" {
            println!("  {file} now has\n    {}", baseline.lines()?.join("\n    "));
        }
    }
    Ok(())
}

fn main() -> ExitCode {
    if !standstill::os::support().is_active() {
        println!("blocking calls cannot be found here: {}", standstill::os::support());
        return ExitCode::SUCCESS;
    }
    let outcome = match env::args().nth(1).as_deref() {
        None => story().map_err(|error| error.to_string()),
        Some("old") => test_of_old_code().map_err(|failure| failure.to_string()),
        Some(_) => test_of_new_code().map_err(|failure| failure.to_string()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            println!("{why}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(all(test, target_os = "linux", target_env = "gnu"))]
mod tests {
    use super::*;

    #[test]
    #[ignore = "it fails, in a process of its own"]
    fn old() {
        test_of_old_code().unwrap();
    }

    #[test]
    #[ignore = "it fails, in a process of its own"]
    fn new() {
        test_of_new_code().unwrap();
    }

    fn passes(baseline: &Baseline, test: &str, mode: &str) -> bool {
        let (passes, said) = baseline.run(&[&format!("tests::{test}"), "--exact", "--include-ignored"], mode).unwrap();
        assert!(said.contains("running 1 test"), "{said}");
        passes
    }

    #[test]
    fn what_is_known_passes_and_what_is_new_fails() {
        let baseline = Baseline::new("test");

        assert!(!passes(&baseline, "old", ""));
        assert!(passes(&baseline, "old", "overwrite"));
        assert!(passes(&baseline, "old", ""));
        assert!(!passes(&baseline, "new", ""));

        assert_eq!(baseline.lines().unwrap(), ["sleeps std::thread::sleep in blocking_baseline::load_legacy_prices"]);
    }
}
