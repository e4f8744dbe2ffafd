use std::fs;

/// Whether a thread of this process other than the calling one runs, or would if it got a processor.
pub(crate) fn does_another_thread_run() -> bool {
    let own = thread_id().to_string();
    let Ok(threads) = fs::read_dir("/proc/self/task") else { return false };
    threads.flatten().filter(|thread| thread.file_name().to_str() != Some(&own)).any(|thread| {
        let stat = fs::read_to_string(thread.path().join("stat")).unwrap_or_default();
        // The name before the state is in parentheses, and may hold any letter.
        let state = stat.rsplit_once(") ").and_then(|(_, rest)| rest.chars().next());
        matches!(state, Some('R' | 'D'))
    })
}

/// What the kernel calls the calling thread.
pub(crate) fn thread_id() -> i32 {
    // SAFETY: The call has no contract.
    unsafe { libc::gettid() }
}

/// A thread's name, as far as the kernel keeps it: fifteen letters.
pub(crate) fn thread_name(id: i32) -> Option<String> {
    let name = fs::read_to_string(format!("/proc/self/task/{id}/comm")).ok()?;
    Some(name.trim_end().to_owned())
}
