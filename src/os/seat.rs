use std::cell::Cell;
use std::collections::BTreeSet;
use std::ptr;
use std::sync::atomic::{Ordering, compiler_fence};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::hooks::{Kind, kind, unwatch, watch, watch_forks};
use super::{Timer, Wait, Woken, thread_id};

/// What a thread is to a bubble. Only its own thread uses it.
///
/// Instants are in nanoseconds, as the thread's own monotonic clock tells them.
pub(crate) trait Member: Send {
    fn monotonic(&self) -> u64;

    /// Nanoseconds since 1970, as the bubble tells them.
    fn system(&self) -> u64;

    /// Waits, at rest, until woken or the deadline has come.
    fn park(&self, wait: &Wait<'_>) -> Woken;

    /// Follows to the bubble that took the thread in while it ran, if one did so after its own was gone.
    fn come_over(&self);

    /// Sets a timer, by its descriptor.
    fn set_timer(&self, fd: i32, timer: Option<Timer>);

    /// How a timer is set, if it goes by the bubble's clock.
    fn timer(&self, fd: i32) -> Option<Timer>;

    /// How often a timer has expired that had not been read since it did so first; those are forgotten.
    fn missed(&self, fd: i32) -> u64;

    /// Notes that the thread asks what is ready.
    fn stir(&self);

    /// Notes that it asked so, and would not have waited.
    fn turn(&self);

    /// Makes the thread that is about to start another member; on this address its end is waited for.
    fn birth(&self, end: usize) -> Box<dyn Member>;

    /// Notes that a socket carries bytes to or from somewhere.
    fn traffic(&self, traffic: Traffic);

    /// Notes what goes through a connection that a server accepted, by the server's port and the connection's descriptor.
    fn exchange(&self, server: u16, connection: i32, exchange: Exchange<'_>);

    /// The bubble's number, or 0 for one that outlived its bubble.
    fn bubble(&self) -> u32;

    /// Whether the body of its bubble is not over: who asked for something may still wait for it.
    fn does_body_go_on(&self) -> bool;

    /// Goes over to another bubble, and says whether the thread is there now: not if that one is gone, nor if it is the root of its own.
    fn follow(&self, bubble: u32) -> bool;

    /// Fills a buffer from the bubble's seed, unless randomness is real there.
    fn random(&self, buffer: &mut [u8]) -> bool;

    /// Notes that the thread has started another process.
    fn has_child(&self, process: i32);

    /// The processes that its bubble has started, and that live.
    fn children(&self) -> Vec<i32>;

    /// Notes that the thread has sent its process a signal, which is handled now.
    fn signalled(&self);

    /// Says that the calling thread is it from now on.
    fn begin(&self);

    /// Says that the thread ends.
    fn end(&self);
}

/// What a socket that leaves the bubble does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Traffic {
    /// Something is on its way to the other end.
    Asked,
    /// Something more is, before anything has come back.
    AskedAgain,
    /// Of what the other end owed, something has come.
    Answered,
    /// More has come, though nothing was owed.
    Heard,
    /// Of what was owed, nothing is awaited any more: the socket is gone, or leads elsewhere.
    Dropped,
}

/// What goes through a connection, as its server sees it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Exchange<'a> {
    /// A request, which begins like this.
    Asked(&'a [u8]),
    /// Its answer, which begins like this.
    Answered(&'a [u8]),
    /// No answer: the connection is closed.
    Gone,
}

/// The thread's place in its bubble, and whether it is inside the crate's own code.
struct Here {
    member: Cell<*const Box<dyn Member>>,
    inside: Cell<bool>,
}

thread_local! {
    /// Without a destructor, so that it can be read at any time in a thread's life.
    static HERE: Here = const {
        Here {
            member: Cell::new(ptr::null()),
            inside: Cell::new(false),
        }
    };
}

/// Where in the calling thread's own storage it is noted.
pub(super) fn address() -> usize {
    HERE.with(|here| ptr::from_ref(here) as usize)
}

/// Gives the calling thread's member, unless it is inside the crate's own code.
#[inline]
pub(super) fn member() -> Option<&'static dyn Member> {
    HERE.with(|here| {
        if here.inside.get() {
            return None;
        }
        // SAFETY: The pointer is null or comes from `Box::into_raw` in `sit`; it is freed in `leave`, which first puts
        // another in its place. Hooks use the reference within one call on this thread and `leave` is never called inside one.
        unsafe { here.member.get().as_ref().map(|member| &**member) }
    })
}

/// Whether the calling thread is a member, also inside the crate's own code.
pub(super) fn is_member() -> bool {
    HERE.with(|here| !here.member.get().is_null())
}

/// Gives what a clock tells the calling thread, also inside the crate's own code; `None` for clocks that nobody sleeps by.
pub(super) fn now(clock: libc::clockid_t) -> Option<u64> {
    // SAFETY: As in `member`.
    let member = HERE.with(|here| unsafe { here.member.get().as_ref() });
    match (kind(clock), member) {
        (Kind::Monotonic, Some(member)) => Some(member.monotonic()),
        (Kind::System, Some(member)) => Some(member.system()),
        (Kind::Monotonic, None) => Some(super::real_monotonic()),
        (Kind::System, None) => Some(super::real_system()),
        (Kind::Real, _) => None,
    }
}

/// Gives the bubble's number of the calling thread, also inside the crate's own code.
pub(crate) fn bubble() -> Option<u32> {
    HERE.with(|here| {
        // SAFETY: As in `member`.
        unsafe { here.member.get().as_ref() }.map(|member| member.bubble()).filter(|bubble| *bubble != 0)
    })
}

#[inline]
pub(super) fn is_inside() -> bool {
    HERE.with(|here| here.inside.get())
}

/// Runs a piece of the crate's own code: its calls go to the originals, and count as running.
pub(crate) fn inside<T>(run: impl FnOnce() -> T) -> T {
    with(true, run)
}

/// Runs, within that, a call by which the program's own code may run: a signal's handler.
pub(super) fn outside<T>(run: impl FnOnce() -> T) -> T {
    with(false, run)
}

fn with<T>(is_inside: bool, run: impl FnOnce() -> T) -> T {
    struct Restored(bool);

    impl Drop for Restored {
        fn drop(&mut self) {
            compiler_fence(Ordering::SeqCst);
            HERE.with(|here| here.inside.set(self.0));
        }
    }

    let _restored = Restored(HERE.with(|here| here.inside.replace(is_inside)));
    // A signal handler on this thread must see it.
    compiler_fence(Ordering::SeqCst);
    run()
}

/// What the calling thread was before it became a member.
pub(crate) struct Before(*const Box<dyn Member>);

impl Before {
    /// A thread that began as a member.
    pub(super) const NOTHING: Self = Self(ptr::null());
}

/// Makes the calling thread a member.
pub(crate) fn sit(member: Box<dyn Member>) -> Before {
    inside(|| {
        watch_forks();
        watch();
        seated().insert(thread_id());
        member.begin();
    });
    let member = Box::into_raw(Box::new(member));
    Before(HERE.with(|here| here.member.replace(member)))
}

/// Ends what `sit` began.
pub(crate) fn leave(before: &Before) {
    let member = HERE.with(|here| here.member.replace(before.0));
    if !member.is_null() {
        // SAFETY: It comes from `Box::into_raw` in `sit`, and nobody else can reach it any more.
        let member = unsafe { Box::from_raw(member.cast_mut()) };
        inside(|| {
            if before.0.is_null() {
                unwatch();
                seated().remove(&thread_id());
            }
            member.end();
        });
    }
}

/// Whether a thread, by its number in the kernel, is a member of any bubble.
pub(super) fn is_seated(thread: libc::pid_t) -> bool {
    seated().contains(&thread)
}

fn seated() -> MutexGuard<'static, BTreeSet<libc::pid_t>> {
    static SEATED: Mutex<BTreeSet<libc::pid_t>> = Mutex::new(BTreeSet::new());

    SEATED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Makes the calling thread, the only one after a fork, a stranger. Its member stays with the parent process.
pub(super) fn forget() {
    HERE.with(|here| here.member.set(ptr::null()));
}
