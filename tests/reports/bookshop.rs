//! Builds the bookshop and runs its tests.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

/// Asserts that a test fails with the report in its snapshot, and says nothing beyond.
#[track_caller]
pub(crate) fn fails(test: &str) {
    let ran = Ran::failed(test, &[]);
    matches_snapshot(test, &ran.report);
}

/// As [`fails`], in the process of another test, which has failed before.
#[track_caller]
pub(crate) fn fails_after(before: &str, test: &str) {
    let ran = Ran::after(Some(before), test, &[]);

    ran.assert_code(101);
    matches_snapshot(test, &ran.report);
}

/// Asserts that a test fails, by each engine with a report of its own.
#[track_caller]
pub(crate) fn fails_by_each_engine(test: &str) {
    fails_by_each(test, |engine| vec![("STANDSTILL_ENGINE", engine)]);
}

/// As [`fails_by_each_engine`], of a test that is stuck, which the portable engine does not know: it comes to its limit.
#[track_caller]
pub(crate) fn is_stuck_or_at_its_limit(test: &str) {
    fails_by_each(test, |engine| vec![("STANDSTILL_ENGINE", engine), limit(engine)]);
}

#[track_caller]
fn fails_by_each(test: &str, variables: impl Fn(&'static str) -> Vec<(&'static str, &'static str)>) {
    for engine in engines() {
        let ran = Ran::failed(test, &variables(engine));
        matches_snapshot(&format!("{test}::{engine}"), &ran.report);
    }
}

/// The limit of a test that only the bubble engine ends before.
fn limit(engine: &str) -> (&'static str, &'static str) {
    ("STANDSTILL_WALL_TIMEOUT", if engine == "portable" { "100ms" } else { "60s" })
}

/// As [`fails_by_each_engine`], of a test on many threads, which the portable engine leaves on the real clock.
#[track_caller]
pub(crate) fn fails_on_many_threads(test: &str) {
    for engine in engines() {
        let ran = Ran::failed(test, &[("STANDSTILL_ENGINE", engine)]);
        let report = if engine == "portable" { without_instants(&ran.report) } else { ran.report };
        matches_snapshot(&format!("{test}::{engine}"), &report);
    }
}

/// As [`is_stuck_or_at_its_limit`], of a test that ends its process.
#[track_caller]
pub(crate) fn ends_the_process_by_each_engine(test: &str) {
    for engine in engines() {
        let ran = Ran::new(test, &[("STANDSTILL_ENGINE", engine), limit(engine)]);

        ran.assert_code(101);
        assert_ne!(ran.errors, "", "{} gave no report", ran.test);
        matches_snapshot(&format!("{test}::{engine}"), &ran.errors);
    }
}

/// Asserts that a test passes, and that its process fails with the report in its snapshot.
#[track_caller]
pub(crate) fn fails_its_process(test: &str) {
    let ran = Ran::new(test, &[]);

    ran.assert_code(101);
    assert_eq!(ran.report, "", "{} failed", ran.test);
    matches_snapshot(test, &ran.errors);
}

/// Asserts that a test aborts its process, and that a text is said before.
#[track_caller]
#[cfg(unix)]
pub(crate) fn aborts_and_says(test: &str, text: &str) {
    let ran = Ran::new(test, &[]);

    assert_eq!(ran.code, None, "{} was not aborted\n{}", ran.test, ran.report);
    assert!(ran.errors.contains(text), "{} does not say {text:?}:\n{}", ran.test, ran.errors);
}

/// Asserts that a test fails on the portable engine, which leaves many threads on the real clock.
#[track_caller]
pub(crate) fn fails_by_the_portable_engine(test: &str) {
    let ran = Ran::failed(test, &[("STANDSTILL_ENGINE", "portable")]);
    matches_snapshot(test, &without_instants(&ran.report));
}

/// The engines that this platform has.
fn engines() -> impl Iterator<Item = &'static str> {
    ["portable", "bubble"].into_iter().take(if standstill::os::support().is_active() { 2 } else { 1 })
}

/// Asserts that a test fails so under a variable of the environment.
#[track_caller]
pub(crate) fn fails_under(test: &str, variable: (&str, &str)) {
    let ran = Ran::failed(test, &[variable]);
    matches_snapshot(&format!("{test}::{}", variable.0), &ran.report);
}

/// Asserts that a test fails under a variable of the environment, and that its report contains a text.
#[track_caller]
pub(crate) fn says_under(test: &str, variable: (&str, &str), text: &str) {
    let ran = Ran::new(test, &[variable]);

    ran.assert_code(101);
    assert!(ran.report.contains(text), "{} does not say {text:?}:\n{}", ran.test, ran.report);
}

/// Asserts that a test on the real clock fails so; when, differs from run to run.
#[track_caller]
pub(crate) fn fails_on_the_real_clock(test: &str) {
    let ran = Ran::failed(test, &[]);
    matches_snapshot(test, &without_instants(&ran.report));
}

/// As [`fails`], of a test that takes much CPU time; how much, differs from run to run.
#[track_caller]
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub(crate) fn fails_for_its_cpu_time(test: &str, variables: &[(&str, &str)]) {
    let ran = Ran::failed(test, variables);
    let (start, end) = ran.report.split_once(" s of CPU time").expect("it is said how much");
    let (start, _time) = start.rsplit_once(' ').unwrap();
    matches_snapshot(test, &format!("{start} ... s of CPU time{end}"));
}

/// Asserts that a test passes with the warning in its snapshot.
#[track_caller]
pub(crate) fn warns(test: &str) {
    let ran = Ran::new(test, &[]);

    ran.assert_code(0);
    assert_ne!(ran.errors, "", "{} gave no warning", ran.test);
    matches_snapshot(test, &ran.errors);
}

/// As [`warns`], in the process of another test, which has warned before.
#[track_caller]
pub(crate) fn warns_after(before: &str, test: &str) {
    let ran = Ran::after(Some(before), test, &[]);

    ran.assert_code(0);
    matches_snapshot(test, &ran.errors);
}

/// Asserts that a test passes without a word.
#[track_caller]
pub(crate) fn passes(test: &str) {
    let ran = Ran::new(test, &[]);

    ran.assert_code(0);
    ran.assert_errors("");
}

/// What a run of one test left.
struct Ran {
    test: String,
    code: Option<i32>,
    /// What libtest shows of a failed test.
    report: String,
    /// What stands on the real standard error.
    errors: String,
}

impl Ran {
    fn new(test: &str, variables: &[(&str, &str)]) -> Self {
        Self::after(None, test, variables)
    }

    /// Runs a test that fails, and says nothing beyond its report.
    #[track_caller]
    fn failed(test: &str, variables: &[(&str, &str)]) -> Self {
        let ran = Self::new(test, variables);
        ran.assert_code(101);
        ran.assert_errors("");
        ran
    }

    fn after(before: Option<&str>, test: &str, variables: &[(&str, &str)]) -> Self {
        let path = format!("tests::{test}");
        let Output { status, stdout, stderr } = plain(Command::new(&*EXECUTABLE))
            .args([&*path, "--exact", "--test-threads=1"])
            .args(before.map(|before| format!("tests::{before}")))
            .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/failures"))
            .envs(env::var("STANDSTILL_ENGINE").map(|engine| ("STANDSTILL_ENGINE", engine)))
            .envs(variables.iter().copied())
            .output()
            .unwrap();
        let stdout = String::from_utf8(stdout).unwrap();
        let count = if before.is_some() { "running 2 tests" } else { "running 1 test" };
        assert!(stdout.contains(count), "the bookshop has no test {path}:\n{stdout}");
        Self {
            test: path.clone(),
            code: status.code(),
            report: plain_panics(shown(&stdout, &path)),
            errors: plain_panics(&without_progress(&String::from_utf8(stderr).unwrap())),
        }
    }

    #[track_caller]
    fn assert_code(&self, code: i32) {
        assert_eq!(self.code, Some(code), "exit code of {}\n{}\n{}", self.test, self.report, self.errors);
    }

    #[track_caller]
    fn assert_errors(&self, errors: &str) {
        assert_eq!(self.errors, errors, "standard error of {}", self.test);
    }
}

static EXECUTABLE: LazyLock<PathBuf> = LazyLock::new(build);

/// Builds the bookshop's tests, into the folder in which this test was built.
fn build() -> PathBuf {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let Output { status, stdout, stderr } = Command::new(cargo)
        .args(["test", "--package=bookshop", "--lib", "--no-run", "--message-format=json", "--target-dir"])
        .arg(target)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let (messages, errors) = (String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap());
    assert!(status.success(), "the bookshop does not build:\n{errors}");
    let (_, executable) = messages.split_once("\"executable\":\"").expect("cargo names the executable");
    let (executable, _) = executable.split_once('"').unwrap();
    executable.into()
}

/// A command that does not inherit what bears on tests and their output.
fn plain(mut command: Command) -> Command {
    for (name, _) in env::vars_os() {
        let bears = ["STANDSTILL_", "NEXTEST", "INSTA_", "RUST_"]
            .iter()
            .any(|start| name.to_str().is_some_and(|name| name.starts_with(start)));
        if bears {
            command.env_remove(name);
        }
    }
    command
}

/// What libtest shows of a failed test, without libtest's own lines.
fn shown<'a>(stdout: &'a str, test: &str) -> &'a str {
    let Some((_, shown)) = stdout.split_once(&format!("---- {test} stdout ----\n")) else { return "" };
    shown.rsplit_once("\nfailures:\n").map_or(shown, |(shown, _)| shown).trim_matches('\n')
}

/// Takes the number out of `thread 'name' (number) panicked at`, and the line after it if it is one of standstill's own.
fn plain_panics(text: &str) -> String {
    let plain = |line: &str| {
        let (thread, place) = line.strip_prefix("thread '")?.split_once(") panicked at ")?;
        let (name, _number) = thread.rsplit_once(" (")?;
        let file = place.split_once(':').map(|(file, _)| file).filter(|file| file.starts_with("src/"));
        let place = file.map_or_else(|| place.to_owned(), |file| format!("{file}\n"));
        Some(format!("thread '{name} panicked at {place}"))
    };
    text.split_inclusive('\n').map(|line| plain(line).unwrap_or_else(|| line.to_owned())).collect()
}

/// Leaves out how far several runs have come, which is said only on a slow machine.
fn without_progress(text: &str) -> String {
    text.split_inclusive('\n').filter(|line| !line.ends_with(" seeds are done\n")).collect()
}

/// Puts dots for the instants, `at 0.050123456 s`.
fn without_instants(text: &str) -> String {
    let mut parts = text.split(" at ");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == '.');
        let is_instant = rest.len() < part.len() && rest.starts_with(" s");
        plain += " at ";
        plain += if is_instant { "..." } else { "" };
        plain += if is_instant { rest } else { part };
    }
    plain
}

#[track_caller]
fn matches_snapshot(name: &str, text: &str) {
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(name.replace("::", "__"), text);
    });
}
