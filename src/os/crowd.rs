use std::fs;

/// Whether threads of the machine, of this process or another, wait for a processor.
pub(crate) fn is_crowded() -> bool {
    // SAFETY: The call takes no pointers.
    let processors = unsafe { libc::sysconf(libc::_SC_NPROCESSORS_ONLN) };
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    usize::try_from(processors).is_ok_and(|processors| runnable(&load).is_some_and(|runnable| runnable > processors))
}

/// How many threads run, or would if they got a processor, other than the calling one, as the kernel tells it: `0.20 0.18 0.12 3/345 11206`.
fn runnable(load: &str) -> Option<usize> {
    let (runnable, _) = load.split(' ').nth(3)?.split_once('/')?;
    runnable.parse::<usize>().ok()?.checked_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_calling_thread_is_none_of_those_that_wait_for_a_processor() {
        assert_eq!(runnable("0.20 0.18 0.12 3/345 11206\n"), Some(2));
    }

    #[test]
    fn what_the_kernel_does_not_tell_is_not_known() {
        assert_eq!(runnable(""), None);
        assert_eq!(runnable("0.20 0.18 0.12 0/345 11206\n"), None);
    }
}
