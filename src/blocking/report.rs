use std::fmt::{self, Write};

use humantime::format_duration;

use super::names::{is_given_s_call, is_locks, is_logger, is_std, is_systems, owner};
use super::{Category, Finding};
use crate::Level;
use crate::bubble::{Seconds, calls, write_frames};
use crate::os::Detail;

const ALLOW_BLOCKING: &str = "standstill::blocking::allow_blocking(\"why\", || ..)";

/// What a rule that met no call is told.
pub(crate) fn unused_rule(rule: &str) -> String {
    format!("{rule:?} may block (`allow_in`), but made no blocking call")
}

/// What to do with such a rule.
pub(crate) const UNUSED_RULE_ADVICE: &str =
    "  take the rule out if nothing blocks there any more, or give the path that the function has now";

/// Why no line is known of any crate.
const WHY_LINELESS: &str =
    "no line is known: the program was built without debug info (debug = \"line-tables-only\" in its profile)";

/// Why not even the functions are known of a poll that computes.
const WHY_NAMELESS: &str = if cfg!(feature = "hot-line") {
    "its line is not known: its thread's stack could not be read, or names nothing without debug info"
} else {
    "its line is not known: standstill's feature \"hot-line\" names it"
};

/// Why not even the functions are known of a call.
const WHY_STRIPPED: &str =
    "no function is known, nor whether the call is harmless: the program has no symbols (strip = \"debuginfo\" in
  its profile leaves them), or cannot read its own file by /proc";

impl Finding {
    /// What was found, in one line.
    pub(crate) fn headline(&self) -> String {
        let mut text = match self.category {
            Category::Cpu => format!("{} keeps the processor", self.who),
            _ => format!("{} blocks its thread", self.who),
        };
        if let Some(at) = self.at {
            write!(text, " at {}", Seconds(at)).unwrap();
        }
        if !matches!(self.detail, Detail::Burned { .. }) {
            write!(text, ": {}", self.call).unwrap();
        }
        match &self.detail {
            Detail::Nothing => {}
            Detail::Burned { time, poll } => {
                write!(text, ": {} of CPU time in one poll", Seconds(*time)).unwrap();
                if let Some(poll) = poll {
                    write!(text, " (its {})", nth(*poll)).unwrap();
                }
                if !self.is_nameless() {
                    write!(text, ", most of it in {}", self.call).unwrap();
                }
            }
            Detail::For(time) => write!(text, " ({})", format_duration(*time)).unwrap(),
            Detail::Named(name) => write!(text, " ({name})").unwrap(),
        }
        if self.count > 1 {
            write!(text, ", {} times", self.count).unwrap();
        }
        if let Some(reason) = self.allowed {
            write!(text, ", allowed: {reason}").unwrap();
        }
        text
    }

    /// What there is to say beyond.
    pub(crate) fn write_note(&self, text: &mut String) {
        let is_interrupted = matches!(self.detail, Detail::Burned { .. });
        if self.is_nameless() && is_interrupted {
            writeln!(text, "  {WHY_NAMELESS}").unwrap();
        } else if self.has_no_symbols() {
            writeln!(text, "  {WHY_STRIPPED}").unwrap();
        } else if self.frames.is_empty() {
            let why = if self.are_lines_known { "no line of your own crates is in between" } else { WHY_LINELESS };
            let is_any = self.library().next().is_some();
            let rest = if is_any { "; the library's functions, the innermost first" } else { "" };
            writeln!(text, "  {why}{rest}").unwrap();
            for function in self.library().take(8) {
                writeln!(text, "    {function}").unwrap();
            }
        } else {
            if self.frames.len() > 1 {
                writeln!(text, "  called here, the outermost call first").unwrap();
            }
            write_frames(text, &self.frames);
            if let Some(inside) = &self.inside {
                writeln!(text, "  it is a library's, and blocks in {inside}").unwrap();
            }
        }
        if self.level > Level::Allow {
            writeln!(text, "  until it returns, no other task of this thread can run; instead\n    {}", self.remedy())
                .unwrap();
            if self.is_denied_there {
                writeln!(text, "  deny_blocking is around it; if it is meant, inside that\n    {ALLOW_BLOCKING}")
                    .unwrap();
            } else {
                self.write_permits(text);
            }
        }
        if std::env::var_os("RUST_BACKTRACE").is_some_and(|value| value == "full") {
            writeln!(text, "  all frames\n{}", self.stack.trim_end()).unwrap();
        }
    }

    /// Whether its stack names nothing but functions of C.
    fn has_no_symbols(&self) -> bool {
        self.is_nameless() && !calls(&self.stack).any(|(function, _)| function.contains("::"))
    }

    /// The functions that are neither the user's nor the language's own.
    fn library(&self) -> impl Iterator<Item = &str> {
        // A type's parameter stands for what comes next.
        let is_named = |function: &&String| {
            let owner = owner(function);
            function.starts_with(char::is_lowercase)
                && !is_given_s_call(function)
                && !is_std(owner)
                && owner != "standstill"
        };
        self.functions.iter().filter(is_named).map(String::as_str)
    }

    /// How to say that it is meant, to be pasted.
    fn write_permits(&self, text: &mut String) {
        let rule = match self.function().or_else(|| self.library().next()) {
            Some(function) => self.seeker.allowing_in(function),
            None => self.seeker.allowing(self.category),
        };
        let reach = self.seeker.reach();
        writeln!(text, "  if it is meant, around the call or {reach}\n    {ALLOW_BLOCKING}\n    {rule}").unwrap();
    }

    /// Whether the call's name has one of these in it.
    fn calls(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.call.contains(name))
    }

    /// Whether what was called is neither the language's own, or as good as that, nor a function of C, but a library's that waits inside.
    fn is_a_library_s(&self) -> bool {
        let owner = owner(&self.call);
        self.call.contains("::") && !is_std(owner) && !is_locks(owner) && !is_systems(owner)
    }

    /// Whether a name was asked for as such, and not on the way of something else.
    fn is_lookup(&self) -> bool {
        !self.call.contains("::") || self.calls(&["to_socket_addrs", "lookup_host"])
    }

    fn remedy(&self) -> &'static str {
        match self.category {
            Category::Cpu => {
                "tokio::task::spawn_blocking(..).await for what computes, or tokio::task::yield_now().await in between"
            }
            _ if is_logger(owner(&self.call)) => {
                "a writer with a thread of its own, such as tracing_appender::non_blocking"
            }
            _ if self.call.ends_with("::block_on") => {
                "future.await; or tokio::task::spawn_blocking(..).await around the call"
            }
            _ if self.is_a_library_s() => {
                "the library's async counterpart; or tokio::task::spawn_blocking(..).await around the call"
            }
            Category::Dns if self.is_lookup() => "tokio::net::lookup_host(..).await",
            Category::Processes => "tokio::process::Command, whose status, output and wait are awaited",
            Category::Joins => "tokio::task::spawn_blocking(..).await, or send the result by a tokio::sync::oneshot",
            Category::Sleeps => "tokio::time::sleep(..).await",
            Category::Sockets | Category::Dns => {
                "tokio::net, or an async client; or tokio::task::spawn_blocking(..).await around a blocking one"
            }
            Category::Stdin => "tokio::io::stdin(), or a thread of its own that sends what it reads",
            Category::Pipes => "tokio::net::unix::pipe, or tokio::process for a child's",
            Category::Files => "tokio::fs, or tokio::task::spawn_blocking(..).await",
            Category::Locks if self.calls(&["recv", "send", "::mpsc::", "flume::", "crossbeam_channel::"]) => {
                "tokio::sync::mpsc, whose send and recv are awaited; or tokio::task::spawn_blocking(..).await"
            }
            Category::Locks if self.calls(&["Condvar", "Barrier", "WaitGroup", "::park", "Parker", "::Once"]) => {
                "tokio::sync (Notify, Barrier), which are awaited; or tokio::task::spawn_blocking(..).await"
            }
            Category::Locks => {
                "tokio::sync (Mutex, Notify, Barrier) if it is held for long; or hold it for an instant only, and never over an await"
            }
        }
    }
}

/// `1st`, `2nd`, `11th`.
fn nth(number: u64) -> String {
    let ending = match (number % 10, number % 100) {
        (1, tens) if tens != 11 => "st",
        (2, tens) if tens != 12 => "nd",
        (3, tens) if tens != 13 => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut note = String::new();
        self.write_note(&mut note);
        write!(f, "{}\n{}", self.headline(), note.trim_end())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::blocking::Seeker;

    fn finding(category: Category, call: &str) -> Finding {
        Finding {
            seeker: Seeker::Detector,
            level: Level::Deny,
            category,
            call: call.to_owned(),
            inside: None,
            detail: Detail::Nothing,
            frames: Vec::new(),
            functions: Vec::new(),
            are_lines_known: false,
            within: Vec::new(),
            who: "the body".to_owned(),
            at: None,
            count: 1,
            allowed: None,
            is_denied_there: false,
            stack: String::new(),
        }
    }

    #[test]
    fn a_stripped_program_is_told_so() {
        let stack = "   0: <unknown>\n   1: nanosleep\n".to_owned();
        let note = Finding { stack, ..finding(Category::Sleeps, "nanosleep") }.to_string();
        assert!(note.contains("the program has no symbols (strip = \"debuginfo\""), "{note}");
    }

    #[test]
    fn a_build_without_debug_info_is_told_so() {
        let stack = "   0: nanosleep\n   1: std::thread::sleep\n".to_owned();
        let note = Finding { stack, ..finding(Category::Sleeps, "nanosleep") }.to_string();
        assert!(note.contains("\n  no line is known: the program was built without debug info"), "{note}");
    }

    #[test]
    fn who_looks_is_told_how_to_allow_it_there() {
        let told = |seeker: Seeker, functions: &[&str]| {
            let functions = functions.iter().map(|function| (*function).to_owned()).collect();
            let finding = Finding { seeker, functions, ..finding(Category::Sleeps, "std::thread::sleep") };
            let text = finding.to_string();
            let (_, end) = text.split_once("  if it is meant, around the call or ").unwrap();
            end.replace(ALLOW_BLOCKING, "..")
        };
        let cases = [
            (
                Seeker::Test,
                "for the whole test\n    ..\n    #[async_test(blocking(allow_in = \"shop::pay\"))]",
                "for the whole test\n    ..\n    #[async_test(blocking(sleeps = \"allow\"))]",
            ),
            (
                Seeker::Run,
                "for the whole run\n    ..\n    \
                 standstill::Builder::new().blocking(standstill::blocking::Policy::new().allow_in(\"shop::pay\")).run(..)",
                "for the whole run\n    ..\n    standstill::Builder::new().blocking(\"sleeps=allow\".parse().unwrap()).run(..)",
            ),
            (
                Seeker::Detector,
                "on the detector\n    ..\n    .policy(standstill::blocking::Policy::new().allow_in(\"shop::pay\"))",
                "on the detector\n    ..\n    .policy(\"sleeps=allow\".parse().unwrap())",
            ),
        ];
        for (seeker, one, all) in cases {
            assert_eq!((&*told(seeker, &["shop::pay"]), &*told(seeker, &[])), (one, all));
        }
    }

    #[test]
    fn a_remedy_is_of_what_was_called() {
        let cases = [
            (Category::Locks, "parking_lot::Mutex::lock", "tokio::sync (Mutex"),
            (Category::Locks, "parking_lot::Condvar::wait", "tokio::sync (Notify"),
            (Category::Locks, "std::thread::park", "tokio::sync (Notify"),
            (Category::Locks, "std::sync::OnceLock::wait", "tokio::sync (Notify"),
            (Category::Locks, "std::sync::mpsc::Iter::next", "tokio::sync::mpsc"),
            (Category::Locks, "flume::Iter::next", "tokio::sync::mpsc"),
            (Category::Dns, "std::net::ToSocketAddrs::to_socket_addrs", "tokio::net::lookup_host"),
            (Category::Dns, "getaddrinfo", "tokio::net::lookup_host"),
            (Category::Dns, "std::net::TcpStream::connect", "tokio::net, or an async client"),
            (Category::Dns, "ureq::RequestBuilder::call", "the library's async counterpart"),
            (Category::Sleeps, "std::thread::sleep", "tokio::time::sleep"),
            (Category::Sleeps, "backon::BlockingRetry::call", "the library's async counterpart"),
            (Category::Files, "log::log!", "a writer with a thread of its own"),
            (Category::Files, "tracing::Span::new", "a writer with a thread of its own"),
            (Category::Files, "fs_err::read_to_string", "tokio::fs"),
            (Category::Sleeps, "nix::unistd::sleep", "tokio::time::sleep"),
            (Category::Locks, "futures::executor::block_on", "future.await"),
            (Category::Cpu, "sha2::compress", "tokio::task::spawn_blocking(..).await for what computes"),
        ];
        for (category, call, begin) in cases {
            let remedy = finding(category, call).remedy();
            assert!(remedy.starts_with(begin), "{call}: {remedy}");
        }
    }
}
