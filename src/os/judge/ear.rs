use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::{Clock, Seen, What};
use crate::os::hooks::{aside, watch_forks};
use crate::os::{allocator, seat};

/// Who hears of calls that block.
pub(crate) trait Ear: Sync {
    /// Hears of a call that the calling thread is about to make, and asks what is known of it if that is of interest.
    fn hear(&self, call: Judged);

    /// Hears that a thread that is no member is at work.
    fn meet(&self);
}

static EAR: OnceLock<&'static dyn Ear> = OnceLock::new();

/// How many listen to threads that are no members.
static STRANGERS: AtomicUsize = AtomicUsize::new(0);

/// Says who hears. The first to say so stays.
pub(crate) fn set_ear(ear: &'static dyn Ear) {
    // It is the same one each time.
    let _ = EAR.set(ear);
}

/// Has threads heard that are no members, too; once more each time.
pub(crate) fn hear_strangers() {
    watch_forks();
    STRANGERS.fetch_add(1, Ordering::SeqCst);
}

#[inline]
pub(super) fn are_strangers_heard() -> bool {
    STRANGERS.load(Ordering::Relaxed) > 0
}

/// After a fork nobody listens: who did stayed behind.
pub(in crate::os) fn forget() {
    STRANGERS.store(0, Ordering::SeqCst);
}

/// Takes back one [`hear_strangers`].
pub(crate) fn unhear_strangers() {
    STRANGERS.fetch_sub(1, Ordering::SeqCst);
}

/// Tells of a member's call, if its judge says that it blocks.
pub(in crate::os) fn hear(judge: impl FnOnce() -> Option<Judged>) {
    aside(|| tell(judge));
}

/// Tells of any other thread's, where somebody listens to those too.
#[inline]
pub(in crate::os) fn overhear(judge: impl FnOnce() -> Option<Judged>) {
    if are_strangers_heard() && !seat::is_inside() {
        aside(|| {
            meet();
            tell(judge);
        });
    }
}

/// Tells that a thread that is no member waits as a runtime does, which is nothing to complain of.
#[inline]
pub(in crate::os) fn oversee() {
    if are_strangers_heard() {
        aside(meet);
    }
}

/// Tells that such a thread reads the clock, as runtimes do before they poll anything. Not where an allocator may do so inside its locks,
/// for whoever hears of it allocates.
#[inline]
pub(in crate::os) fn oversee_reader() {
    if are_strangers_heard() && !allocator::locks_mutexes() {
        aside(meet);
    }
}

#[cold]
fn meet() {
    if let Some(ear) = EAR.get() {
        ear.meet();
    }
}

/// A call that blocks; what is known of it is asked for only where somebody listens.
pub(crate) type Judged = Box<dyn FnOnce() -> Seen>;

/// Tells that the calling thread reads a clock over and over.
pub(crate) fn hear_spin(clock: Clock, reads: u32) {
    tell(|| Some(Box::new(move || Seen::named(What::Spin(clock), Some(format!("{reads} times without a wait"))))));
}

#[inline(never)]
fn tell(judge: impl FnOnce() -> Option<Judged>) {
    // A panic that prints itself holds locks that a report needs.
    if std::thread::panicking() {
        return;
    }
    let Some(ear) = EAR.get() else { return };
    if let Some(call) = judge() {
        ear.hear(call);
    }
}
