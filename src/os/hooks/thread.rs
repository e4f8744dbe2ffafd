use std::collections::BTreeMap;
use std::ffi::{c_int, c_void};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, Once, OnceLock, PoisonError};

use libc::{clockid_t, pthread_attr_t, pthread_key_t, pthread_t, timespec};

use super::{aside, clock, original};
use crate::os::{Before, Member, Wait, Woken, Word, host, judge, seat, wake};

pub(super) type Routine = extern "C-unwind" fn(*mut c_void) -> *mut c_void;

/// A thread's end.
struct End {
    /// Set, and waited for, when it has come.
    word: AtomicU32,
    /// In which bubble, and when on its clock.
    place: OnceLock<(u32, u64)>,
}

impl End {
    /// Where the calling thread is now.
    fn here() -> Option<(u32, u64)> {
        Some((seat::bubble()?, seat::now(libc::CLOCK_MONOTONIC)?))
    }
}

/// What a new thread needs to know.
struct Birth {
    start: Routine,
    argument: *mut c_void,
    member: Box<dyn Member>,
    end: Arc<End>,
}

/// How the end of a thread is seen, and how often it was put off.
struct Farewell {
    end: Arc<End>,
    round: u32,
}

/// The ends of the members that may yet be joined.
static ENDS: Mutex<BTreeMap<pthread_t, Arc<End>>> = Mutex::new(BTreeMap::new());

fn ends<T>(ask: impl FnOnce(&mut BTreeMap<pthread_t, Arc<End>>) -> T) -> T {
    ask(&mut ENDS.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Whether a thread of the caller's bubble ended at an instant before this one: then nobody waits for it, however the threads race.
pub(in crate::os) fn has_long_ended(thread: pthread_t) -> bool {
    let end = ends(|ends| ends.get(&thread)?.place.get().copied());
    end.zip(End::here()).is_some_and(|((bubble, at), (here, now))| bubble == here && at < now)
}

pub(super) unsafe fn create(
    member: &dyn Member,
    thread: *mut pthread_t,
    attributes: *const pthread_attr_t,
    start: Routine,
    argument: *mut c_void,
) -> c_int {
    aside(|| {
        let end = Arc::new(End { word: AtomicU32::new(0), place: OnceLock::new() });
        let child = member.birth(end.word.as_ptr() as usize);
        let birth = Box::into_raw(Box::new(Birth { start, argument, member: child, end: Arc::clone(&end) }));
        // SAFETY: The caller's contract is the original's; the argument is taken back in `begin`, or below.
        let error = unsafe { original::pthread_create(thread, attributes, begin, birth.cast()) };
        if error == 0 {
            // SAFETY: The attributes are as above, and the original has written the thread's number.
            unsafe {
                if can_be_joined(attributes) {
                    ends(|ends| ends.insert(*thread, end));
                }
            }
        } else {
            // SAFETY: No thread has started that would have taken it.
            let birth = unsafe { Box::from_raw(birth) };
            birth.member.end();
        }
        error
    })
}

/// Whether a thread that is made with these attributes is not detached from the start.
///
/// # Safety
///
/// They must be null or valid.
unsafe fn can_be_joined(attributes: *const pthread_attr_t) -> bool {
    let mut state = libc::PTHREAD_CREATE_JOINABLE;
    // SAFETY: By the contract, and there is room for what is told.
    let failed = !attributes.is_null() && unsafe { pthread_attr_getdetachstate(attributes, &raw mut state) } != 0;
    failed || state == libc::PTHREAD_CREATE_JOINABLE
}

unsafe extern "C" {
    fn pthread_attr_getdetachstate(attributes: *const pthread_attr_t, state: *mut c_int) -> c_int;
}

// A thread that exits in the middle unwinds through this.
extern "C-unwind" fn begin(birth: *mut c_void) -> *mut c_void {
    // SAFETY: It comes from `create`, for this thread alone.
    let Birth { start, argument, member, end } = *unsafe { Box::from_raw(birth.cast::<Birth>()) };
    seat::inside(|| see_off(Box::new(Farewell { end, round: 0 })));
    seat::sit(member);
    start(argument)
}

pub(super) unsafe fn join(member: &dyn Member, thread: pthread_t, output: *mut *mut c_void) -> c_int {
    await_end(member, thread, None);
    // SAFETY: The caller's contract is the original's.
    unsafe { original::pthread_join(thread, output) }
}

pub(super) unsafe fn detach(_: &dyn Member, thread: pthread_t) -> c_int {
    // Before its number can be given to another.
    aside(|| ends(|ends| ends.remove(&thread)));
    // SAFETY: The caller's contract is the original's.
    unsafe { original::pthread_detach(thread) }
}

pub(super) unsafe fn timedjoin(
    member: &dyn Member,
    thread: pthread_t,
    output: *mut *mut c_void,
    at: *const timespec,
) -> c_int {
    // SAFETY: The caller's contract is the original's.
    unsafe { clockjoin(member, thread, output, libc::CLOCK_REALTIME, at) }
}

pub(super) unsafe fn clockjoin(
    member: &dyn Member,
    thread: pthread_t,
    output: *mut *mut c_void,
    clock: clockid_t,
    at: *const timespec,
) -> c_int {
    // SAFETY: The caller's contract is the original's.
    unsafe {
        match clock::deadline(member, clock, at) {
            None => original::pthread_clockjoin_np(thread, output, clock, at),
            deadline if await_end(member, thread, deadline) => original::pthread_join(thread, output),
            _ => libc::ETIMEDOUT,
        }
    }
}

/// Waits, at rest, for the end of a thread that began as a member; says whether it came in time.
fn await_end(member: &dyn Member, thread: pthread_t, deadline: Option<u64>) -> bool {
    aside(|| {
        let Some(end) = ends(|ends| ends.get(&thread).cloned()) else { return true };
        let is_alive = || end.word.load(Ordering::SeqCst) == 0;
        while is_alive() {
            let word = Some(Word { address: end.word.as_ptr() as usize, still: &is_alive });
            if member.park(&Wait { call: "join", word, deadline, ..Wait::default() }) == Woken::TimedOut {
                return false;
            }
        }
        ends(|ends| ends.remove(&thread));
        true
    })
}

/// A thread is a member until its last thread-local destructor has run, for destructors send and wake.
fn see_off(farewell: Box<Farewell>) {
    static KEY: OnceLock<pthread_key_t> = OnceLock::new();

    let key = *KEY.get_or_init(|| {
        let mut key = 0;
        // SAFETY: The key's place is valid, and the destructor takes what is set below.
        let error = unsafe { libc::pthread_key_create(&raw mut key, Some(said)) };
        assert_eq!(error, 0, "the process has no thread-specific key left, by which a thread's end is known");
        key
    });
    // SAFETY: The key exists; the value is taken back in `said`.
    unsafe { libc::pthread_setspecific(key, Box::into_raw(farewell).cast()) };
}

/// libc runs destructors in rounds, for as long as there are any, up to four times.
const LAST_ROUND: u32 = 3;

unsafe extern "C" fn said(farewell: *mut c_void) {
    // SAFETY: It was set in `see_off`, and is taken once.
    let mut farewell = unsafe { Box::from_raw(farewell.cast::<Farewell>()) };
    if farewell.round < LAST_ROUND {
        farewell.round += 1;
        return seat::inside(|| see_off(farewell));
    }
    seat::inside(|| {
        if let Some(here) = End::here() {
            farewell.end.place.get_or_init(|| here);
        }
        farewell.end.word.store(1, Ordering::SeqCst);
        wake(farewell.end.word.as_ptr() as usize, usize::MAX);
    });
    seat::leave(&Before::NOTHING);
    // Not before: by the address of its end a joiner finds the thread, as long as it is a member.
    drop(farewell);
}

/// Has the only thread of a forked process know nothing of the bubble.
pub(in crate::os) fn watch_forks() {
    static ONCE: Once = Once::new();
    // SAFETY: The handler does what may be done after a fork: it changes what is the thread's own, and atomics, and takes no lock.
    ONCE.call_once(|| unsafe {
        libc::pthread_atfork(None, None, Some(after_fork));
    });
}

/// Called in the child, whose only thread this is.
pub(super) extern "C" fn after_fork() {
    seat::forget();
    super::forget_links();
    super::forget_timers();
    host::forget_words();
    judge::forget();
}

#[cfg(test)]
mod tests {
    use std::mem::zeroed;
    use std::os::unix::thread::JoinHandleExt as _;
    use std::sync::atomic::AtomicBool;
    use std::{ptr, thread};

    use super::*;

    #[test]
    fn of_a_thread_that_nobody_can_join_no_end_is_kept() {
        crate::run(async || {
            let parked = thread::spawn(thread::park);
            let (thread, number) = (parked.thread().clone(), parked.as_pthread_t());
            let is_kept = || seat::inside(|| ends(|ends| ends.contains_key(&number)));
            assert!(is_kept());

            drop(parked);
            assert!(!is_kept());
            thread.unpark();
        });
    }

    #[test]
    fn of_a_thread_that_begins_detached_no_end_is_kept() {
        static IS_OVER: AtomicBool = AtomicBool::new(false);

        // Until then nobody else has its number.
        extern "C" fn stays(_: *mut c_void) -> *mut c_void {
            while !IS_OVER.load(Ordering::SeqCst) {
                thread::yield_now();
            }
            ptr::null_mut()
        }

        crate::run(async || {
            // SAFETY: All zeros are valid places, which are filled before they are used.
            let thread = unsafe {
                let mut attributes = zeroed::<pthread_attr_t>();
                let mut thread = zeroed::<pthread_t>();
                assert_eq!(libc::pthread_attr_init(&raw mut attributes), 0);
                assert_eq!(libc::pthread_attr_setdetachstate(&raw mut attributes, libc::PTHREAD_CREATE_DETACHED), 0);
                let made = libc::pthread_create(&raw mut thread, &raw const attributes, stays, ptr::null_mut());
                assert_eq!(made, 0);
                thread
            };
            let is_kept = seat::inside(|| ends(|ends| ends.contains_key(&thread)));
            IS_OVER.store(true, Ordering::SeqCst);
            assert!(!is_kept);
        });
    }
}
