use std::fs;
use std::mem::zeroed;

/// Whether threads of the machine, of this process or another, wait for a processor.
pub(crate) fn is_crowded() -> bool {
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    runnable(&load).is_some_and(|runnable| runnable > processors())
}

/// How many processors the calling thread may have.
fn processors() -> usize {
    // SAFETY: All zeros is a set without any, and the call writes no more than that.
    unsafe {
        let mut set: libc::cpu_set_t = zeroed();
        match libc::sched_getaffinity(0, size_of_val(&set), &raw mut set) {
            0 => usize::try_from(libc::CPU_COUNT(&set)).unwrap_or(usize::MAX),
            // There are more than fit in the set.
            _ => usize::MAX,
        }
    }
}

/// How many threads run, or would if they got a processor, other than the calling one, as the kernel tells it: `0.20 0.18 0.12 3/345 11206`.
fn runnable(load: &str) -> Option<usize> {
    let (runnable, _) = load.split(' ').nth(3)?.split_once('/')?;
    runnable.parse::<usize>().ok()?.checked_sub(1)
}

#[cfg(test)]
mod tests {
    use std::hint::spin_loop;
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
    use std::thread;

    use super::*;

    #[test]
    fn a_thread_has_no_more_processors_than_it_is_allowed() {
        let allowed = thread::spawn(|| {
            // SAFETY: All zeros is a set without any, to which the first is added that the thread has.
            unsafe {
                let mut set: libc::cpu_set_t = zeroed();
                libc::CPU_SET(usize::try_from(libc::sched_getcpu()).unwrap(), &mut set);
                assert_eq!(libc::sched_setaffinity(0, size_of_val(&set), &raw const set), 0);
            }
            processors()
        });

        assert_eq!(allowed.join().unwrap(), 1);
    }

    #[test]
    fn where_more_threads_spin_than_there_are_processors_it_is_crowded() {
        let (stop, spinning) = (AtomicBool::new(false), AtomicUsize::new(0));
        let count = processors() + 1;
        thread::scope(|scope| {
            for _ in 0..count {
                scope.spawn(|| {
                    spinning.fetch_add(1, Ordering::SeqCst);
                    while !stop.load(Ordering::SeqCst) {
                        spin_loop();
                    }
                });
            }
            while spinning.load(Ordering::SeqCst) < count {
                thread::yield_now();
            }
            let is_crowded = is_crowded();
            stop.store(true, Ordering::SeqCst);
            assert!(is_crowded);
        });
    }

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
