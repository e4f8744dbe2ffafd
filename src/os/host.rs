use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering, fence};

use super::hooks::aside;
use super::seat::{self, Traffic};

/// What the hooks of any thread, a member or not, tell the bubbles.
pub(crate) trait Host: Sync {
    /// Wakes members that wait on an address, the longest waiting first, and says how many. It does not wait itself: what it
    /// cannot do at once is done soon, and not counted. Those that outlived their bubble then work for this one, if there is one.
    fn wake(&self, address: usize, most: usize, bubble: Option<u32>) -> usize;

    /// Rings for members that wait on a descriptor; those that outlived their bubble then work for this one.
    ///
    /// `epoll` is the one in which the descriptor is, as far as it is known.
    fn ring(&self, bubble: u32, epoll: Option<i32>, ring: &mut dyn FnMut());

    /// Notes that a timer's descriptor is about to be closed.
    fn forget_timer(&self, fd: i32);

    /// Notes what a bubble's socket does.
    fn traffic(&self, bubble: u32, traffic: Traffic);
}

static HOST: OnceLock<&'static dyn Host> = OnceLock::new();

/// Whether anybody wants to know what goes through connections.
static IS_WATCHED: AtomicBool = AtomicBool::new(false);

/// How many members wait on an address, or are about to.
///
/// Who waits raises it before looking whether there is something to wait for; who wakes changes that first, and looks at
/// the count second. So one of them sees the other.
static ON_WORDS: AtomicUsize = AtomicUsize::new(0);

/// Whether a member has ever outlived its bubble.
static ORPHANS: AtomicBool = AtomicBool::new(false);

/// Notes that a member outlives its bubble.
pub(crate) fn note_orphans() {
    ORPHANS.store(true, Ordering::Relaxed);
}

pub(super) fn are_there_orphans() -> bool {
    ORPHANS.load(Ordering::Relaxed)
}

/// Says who is told. The first to say so stays.
pub(crate) fn set_host(host: &'static dyn Host) {
    // It is the same one each time.
    let _ = HOST.set(host);
}

pub(super) fn host() -> &'static dyn Host {
    *HOST.get().expect("there are members only once there is a host")
}

/// Has members told what goes through connections, from now on.
#[cfg(feature = "http")]
pub(crate) fn watch_connections() {
    IS_WATCHED.store(true, Ordering::Relaxed);
}

pub(super) fn is_watched() -> bool {
    IS_WATCHED.load(Ordering::Relaxed)
}

/// Counts a member that is about to wait on an address.
pub(crate) fn count_word() {
    ON_WORDS.fetch_add(1, Ordering::SeqCst);
    fence(Ordering::SeqCst);
}

/// Takes back [`count_word`].
pub(crate) fn uncount_word() {
    ON_WORDS.fetch_sub(1, Ordering::SeqCst);
}

/// Wakes members that wait on an address, and says how many are known to be woken.
#[inline]
pub(super) fn wake(address: usize, most: usize) -> usize {
    if is_nobody_on_words() { 0 } else { aside(|| host().wake(address, most, seat::bubble())) }
}

/// Has all members that wait on an address look again. What happened may concern none of them, so it takes none over to the caller's bubble.
pub(super) fn have_all_look(address: usize) {
    if !is_nobody_on_words() {
        aside(|| host().wake(address, usize::MAX, None));
    }
}

fn is_nobody_on_words() -> bool {
    fence(Ordering::SeqCst);
    ON_WORDS.load(Ordering::SeqCst) == 0
}

/// After a fork nobody waits: the members stayed behind.
pub(super) fn forget_words() {
    ON_WORDS.store(0, Ordering::SeqCst);
}
