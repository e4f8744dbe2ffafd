//! The file of known findings, for a code base that turns the detector on late.

use std::collections::BTreeSet;
use std::env;
use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

use super::{Category, Finding};
use crate::Level;

const FILE: &str = "blocking-baseline.txt";
const PLACE: &str = "STANDSTILL_BASELINE";
const MODE: &str = "STANDSTILL";
const OVERWRITE: &str = "overwrite";

const HEAD: &str = "\
# Calls that block the thread inside a poll, as they were when this file was written: they fail no test, new ones do.
# To add what is new: STANDSTILL=overwrite cargo test. A line that is mended can be taken out.
";

/// Lets pass what the baseline knows; or, with `STANDSTILL=overwrite`, adds to it what is new. If the file can be neither read nor
/// written, says so.
pub(super) fn apply(findings: &mut [Finding]) -> Result<(), String> {
    // One that is nameless would stand for all others.
    let is_open =
        |finding: &&mut Finding| finding.level > Level::Allow && !finding.is_denied_there && !finding.is_nameless();
    let open: Vec<_> = findings.iter_mut().filter(is_open).collect();
    if open.is_empty() {
        return Ok(());
    }
    let path = path();
    let (known, done) = if overwrites() {
        (add(&path, open.iter().map(|finding| entry(finding)).collect()), "written")
    } else {
        (read(&path), "read")
    };
    let known = known.map_err(|error| format!("the baseline {} could not be {done}: {error}", path.display()))?;
    for finding in open {
        if known.contains(&entry(finding)) {
            finding.level = Level::Allow;
            finding.allowed = Some("the baseline knows it");
        }
    }
    Ok(())
}

/// What is known of a finding whatever the lines around it become: `sleeps std::thread::sleep in shop::courier::deliver`.
fn entry(finding: &Finding) -> String {
    let function = finding.function().unwrap_or_else(|| &finding.functions[0]);
    format!("{} {} in {function}", finding.category, finding.call)
}

/// In the package's folder, or where the environment says.
fn path() -> PathBuf {
    let package = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).unwrap_or_default();
    package.join(named().unwrap_or_else(|| FILE.into()))
}

fn named() -> Option<OsString> {
    env::var_os(PLACE).filter(|place| !place.is_empty())
}

fn overwrites() -> bool {
    env::var(MODE).is_ok_and(|mode| mode == OVERWRITE)
}

/// Refuses a mode that does not exist, before a test relies on it.
///
/// # Panics
///
/// Panics if there is one.
#[track_caller]
pub(crate) fn check_mode() {
    match env::var(MODE) {
        Ok(mode) if !mode.is_empty() && mode != OVERWRITE => {
            panic!("environment variable {MODE}={mode}: expected {OVERWRITE}")
        }
        _ => {}
    }
}

fn read(path: &Path) -> io::Result<BTreeSet<String>> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound && named().is_none() => return Ok(BTreeSet::new()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(io::Error::other("there is none: STANDSTILL=overwrite cargo test writes it"));
        }
        Err(error) => return Err(error),
    };
    // Another process may be writing it.
    file.lock_shared()?;
    entries(&mut file)
}

fn add(path: &Path, new: BTreeSet<String>) -> io::Result<BTreeSet<String>> {
    let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
    file.lock()?;
    let mut known = entries(&mut file)?;
    let before = known.len();
    known.extend(new);
    if known.len() > before {
        let lines = known.iter().fold(HEAD.to_owned(), |text, line| text + line + "\n");
        file.rewind()?;
        file.set_len(0)?;
        file.write_all(lines.as_bytes())?;
    }
    Ok(known)
}

fn entries(file: &mut File) -> io::Result<BTreeSet<String>> {
    let mut text = String::new();
    file.read_to_string(&mut text)?;
    let lines = text.lines().map(str::trim).enumerate();
    let lines = lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|(place, line)| if is_entry(line) { Ok(line.to_owned()) } else { Err(garbled(place + 1, line)) })
        .collect()
}

fn is_entry(line: &str) -> bool {
    let (category, rest) = line.split_once(' ').unwrap_or_default();
    category.parse::<Category>().is_ok() && rest.contains(" in ")
}

fn garbled(number: usize, line: &str) -> io::Error {
    io::Error::other(format!(
        "line {number}: expected a category, a call and a function, as in `sleeps std::thread::sleep in shop::wait`, got {line:?}"
    ))
}
