//! Calls that block, and are nothing to complain of.

use super::line::Line;
use super::names::{is_logger, owner};
use crate::bubble::{calls, path};
use crate::os::What;

/// Whose locks are held for an instant only, and whose waits are the runtime's own business.
const RUNTIME: &[&str] = &["tokio", "mio", "standstill"];

/// What belongs to the test rather than to the code under test.
const TOOLS: &[&str] = &[
    "insta",
    "expect_test",
    "proptest",
    "trybuild",
    "serial_test",
    "temp_env",
    "wiremock",
    "mockito",
    "httpmock",
    "httptest",
    "testcontainers",
    "pgtemp",
    "postgresql_embedded",
];

/// Whose thread serves the whole process, and is ended again where two threads have started it at once.
const SERVANTS: &[&str] = &["futures_timer"];

/// Calls that look whether a file is there, and no further.
const LOOKS: &[&str] = &[
    "statx",
    "stat",
    "stat64",
    "lstat",
    "lstat64",
    "fstatat",
    "fstatat64",
    "access",
    "faccessat",
    "eaccess",
    "euidaccess",
];

/// What only happens once a process.
const ONCE: &[&str] = &[
    "std::sync::poison::once::",
    "std::sync::once",
    "std::sync::lazy_lock::",
    "std::sys::sync::once::",
    "once_cell::sync::",
    "once_cell::imp::",
    "parking_lot::once::",
    "lazy_static::",
];

/// What only waits until somebody has done it.
const ONCE_WAITS: &[&str] = &["::Once::wait", "::OnceLock::wait", "::OnceCell::wait"];

/// Who prints a stack, and for that reads the program's own files.
const PRINTERS: &[&str] = &["backtrace", "color_eyre", "color_backtrace", "stable_eyre", "better_panic", "human_panic"];

/// Whether a library puts a stack into words, by the stack of a call that it makes for that.
pub(super) fn is_printing(stack: &str) -> bool {
    calls(stack).any(|(function, _)| PRINTERS.contains(&owner(&function)))
}

/// A call that blocks, as far as that matters here.
pub(super) struct Call<'a> {
    pub(super) what: What,
    /// From the call to where the poll begins.
    pub(super) lines: &'a [Line<'a>],
    /// The innermost function that is not the language's, unless the user's own is further in.
    pub(super) reader: Option<&'a str>,
    pub(super) libc: Option<&'a str>,
    pub(super) is_mutex: bool,
    pub(super) are_lines_known: bool,
}

impl Call<'_> {
    pub(super) fn is_fine(&self) -> bool {
        self.is_runtimes() || self.is_excused() || self.is_librarys_own_affair()
    }

    fn is_by(&self, crates: &[&str]) -> bool {
        self.reader.is_some_and(|reader| crates.contains(&owner(reader)))
    }

    /// Whether the runtime makes the call for itself, and not for what is inlined there of the user's.
    fn is_runtimes(&self) -> bool {
        // Who waits in the runtime lets it wait; who computes may as well be seen there.
        let Some(reader) = self.reader.filter(|_| self.what != What::Burn && self.is_by(RUNTIME)) else { return false };
        // Its wrappers around a future take locks, and wait for nothing.
        let is_around = reader.contains("Future>::poll");
        let is_lock = self.what == What::Lock && (self.is_mutex || !is_around);
        // A scope calls what it was given, which may be a function of the language's own.
        is_lock || (self.are_lines_known && !path(reader).starts_with("standstill::blocking::scope"))
    }

    fn is_excused(&self) -> bool {
        let what = self.what;
        let paths: Vec<_> = self.lines.iter().map(|line| path(line.function)).collect();
        let any = |parts: &[&str]| {
            let of = |path: &String| path.trim_start_matches(['&', '*']).trim_start_matches("mut ").to_owned();
            paths.iter().map(of).any(|path| parts.iter().any(|part| path.starts_with(part)))
        };
        // Which test meets it, or whether any does, is chance.
        let is_chance = matches!(what, What::File | What::Lock);
        let waits_for_one =
            what == What::Lock && paths.iter().any(|path| ONCE_WAITS.iter().any(|wait| path.ends_with(wait)));
        // Whoever prints a stack reads the program's own files.
        any(&["std::backtrace::", "std::backtrace_rs::", "std::sys::backtrace::"])
            || (is_chance && self.is_by(PRINTERS))
            || (what == What::Burn && self.lines.iter().any(|line| PRINTERS.contains(&line.owner())))
            || self.is_by(TOOLS)
            || (what == What::Join && self.is_by(SERVANTS))
            || ((is_chance || matches!(what, What::Burn | What::Spin(_))) && any(ONCE) && !waits_for_one)
            || (what == What::Lock && self.reader.is_some_and(|reader| is_logger(owner(reader))))
            // Its guard's end waits for the thread that writes, or does not, as chance has it.
            || (what == What::Lock && self.is_by(&["tracing_appender"]))
            || (what == What::Lock && any(&["std::io::stdio::"]))
            // Its parent reads by a pipe or a socket how it came off, and then it is done.
            || (matches!(what, What::Pipe | What::File | What::Socket(_))
                && any(&["std::sys::process::"])
                && paths.iter().any(|path| path.contains("::spawn") || path.contains("do_exec")))
    }

    /// Whether it is a lock of a library, which is soon free again, or its look whether a file is there.
    fn is_librarys_own_affair(&self) -> bool {
        let is_look = self.libc.is_some_and(|libc| LOOKS.contains(&libc));
        self.what != What::Burn
            && self.are_lines_known
            && (self.is_mutex || is_look)
            && self.reader.is_some_and(|reader| !self.is_users_crate(owner(reader)))
    }

    /// Whether the user's own code is of that crate.
    fn is_users_crate(&self, crate_: &str) -> bool {
        self.lines.iter().any(|line| line.owner() == crate_ && line.is_users_own())
    }
}
