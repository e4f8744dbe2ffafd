use std::ffi::c_long;
use std::fs;
use std::path::{Path, PathBuf};

use super::is_seated;

/// Whether a thread of this process other than the calling one and these runs, or would if it got a processor.
pub(crate) fn does_another_thread_run(but: &[i32]) -> bool {
    others().filter(|(id, _)| !but.contains(id)).any(|(_, thread)| runs(&thread))
}

/// Whether one of these threads of the process runs, or would if it got a processor.
pub(crate) fn does_any_run(threads: &[i32]) -> bool {
    threads.iter().any(|id| runs(&place(*id)))
}

fn runs(thread: &Path) -> bool {
    let stat = fs::read_to_string(thread.join("stat")).unwrap_or_default();
    // The name before the state is in parentheses, and may hold any letter.
    let state = stat.rsplit_once(") ").and_then(|(_, rest)| rest.chars().next());
    matches!(state, Some('R' | 'D'))
}

/// A thread of this process that runs, or would if it got a processor, and how often it has waited for anything.
#[derive(Clone, Copy)]
pub(crate) struct Runner {
    id: i32,
    waits: u64,
}

/// The threads of no bubble that run now, other than the calling one.
pub(crate) fn running_strangers() -> Vec<Runner> {
    let running = others().filter(|(id, thread)| !is_seated(*id) && runs(thread));
    running.filter_map(|(id, _)| Some(Runner { id, waits: waits(id)? })).collect()
}

impl Runner {
    /// Whether it has run ever since.
    pub(crate) fn runs_on(self) -> bool {
        waits(self.id) == Some(self.waits) && runs(&place(self.id))
    }
}

/// What a thread of no bubble waits for in its runtime, such as that of a plain `#[tokio::test]`; of several, what comes by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Awaited {
    /// What others send.
    News,
    Timer,
}

pub(crate) fn strangers_await() -> Option<Awaited> {
    others().filter(|(id, _)| !is_seated(*id)).filter_map(|(_, thread)| awaited(&thread)).max()
}

/// The calls by which libc's `epoll_wait` waits.
const EPOLL_WAITS: &[c_long] = &[
    #[cfg(target_arch = "x86_64")]
    libc::SYS_epoll_wait,
    libc::SYS_epoll_pwait,
];

/// By the call that the thread is in, with its arguments, as the kernel tells them: `232 0x4 0x7f0e58000b70 0x400 0x3e7 ..`.
fn awaited(thread: &Path) -> Option<Awaited> {
    let call = fs::read_to_string(thread.join("syscall")).ok()?;
    let mut words = call.split(' ');
    let number = words.next()?.parse().ok()?;
    if !EPOLL_WAITS.contains(&number) {
        return None;
    }
    let timeout = u64::from_str_radix(words.nth(3)?.trim_start_matches("0x"), 16).ok()?;
    // It is an `int`, in whose register the rest says nothing; and negative without a limit.
    let has_limit = timeout & 0x8000_0000 == 0;
    Some(if has_limit { Awaited::Timer } else { Awaited::News })
}

/// The threads of this process other than the calling one: what the kernel calls each, and where it tells of it.
fn others() -> impl Iterator<Item = (i32, PathBuf)> {
    let own = thread_id();
    threads().filter(move |id| *id != own).map(|id| (id, place(id)))
}

/// The threads of this process, as the kernel calls them.
pub(crate) fn threads() -> impl Iterator<Item = i32> {
    let threads = fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    threads.filter_map(|thread| thread.file_name().to_str()?.parse().ok())
}

/// Where the kernel tells of a thread of this process.
fn place(thread: i32) -> PathBuf {
    PathBuf::from(format!("/proc/self/task/{thread}"))
}

/// What the kernel calls the calling thread.
pub(crate) fn thread_id() -> i32 {
    // SAFETY: The call has no contract.
    unsafe { libc::gettid() }
}

/// How often a thread of this process has waited for anything; `None` once it is gone.
pub(crate) fn waits(id: i32) -> Option<u64> {
    let status = fs::read_to_string(place(id).join("status")).ok()?;
    status.lines().find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"))?.trim().parse().ok()
}

/// The process's threads that have one of these names.
pub(crate) fn threads_named(names: &[&str]) -> Vec<(i32, String)> {
    let named = threads().filter_map(|id| Some((id, thread_name(id)?)));
    named.filter(|(_, name)| names.contains(&&**name)).collect()
}

/// A thread's name, as far as the kernel keeps it: fifteen letters.
pub(crate) fn thread_name(id: i32) -> Option<String> {
    let name = fs::read_to_string(place(id).join("comm")).ok()?;
    Some(name.trim_end().to_owned())
}
