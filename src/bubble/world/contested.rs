use std::collections::BTreeSet;
use std::time::Duration;

use super::rest::patience;
use super::room::Room;
use super::state::{World, is_anyone_at_the_door};
use super::{CROWDED_GRACE, LOOK_AGAIN};
use crate::os;

/// A wait for what a thread of another bubble, or of none, may have: a lock in a `static`, or one at which both have met.
#[derive(Clone, Copy)]
pub(super) struct Contested {
    /// When, in real time, a thread last began to wait there, or was woken.
    pub(super) since: u64,
    /// The youngest bubble that there was then, if no younger one can have it: to let go of a lock in a `static` is to wake
    /// somebody in it. Locks elsewhere may have each thread wait at an address of its own.
    pub(super) youngest: Option<u32>,
}

/// No lock is larger, of those that have several addresses to wait on.
const LOCK_SIZE: usize = 64;

/// The threads of no bubble that there were when something last happened there.
#[derive(Default)]
pub(super) struct Suspects {
    since: u64,
    threads: Vec<i32>,
}

impl World {
    /// Notes at which address the calling thread, which is a member, waits from now on.
    pub(super) fn begin_contest(&mut self, place: usize, address: usize) {
        let bubble = self.slot(place).bubble;
        if self.foreign.is_one(bubble, address) {
            self.note_contest(address);
        } else if os::is_for_static(address) {
            self.slot(place).contested = Some(Contested { since: os::real_monotonic(), youngest: None });
        }
    }

    /// Notes that a thread of a bubble waits at an address, or that whoever waits there was woken.
    pub(super) fn note_contest(&mut self, address: usize) {
        let youngest = os::is_static(address).then_some(self.bubbles);
        let mut now = None;
        for slot in self.slots.iter_mut().flatten().filter(|slot| slot.is_parked()) {
            if let Some(word) = slot.word
                && word.abs_diff(address) < LOCK_SIZE
                && self.foreign.is_one(slot.bubble, word)
            {
                let since = *now.get_or_insert_with(os::real_monotonic);
                slot.contested = Some(Contested { since, youngest });
            }
        }
    }

    /// How long it is not known who has what a member waits for: it may be a thread of another bubble or of none, and then time must
    /// not pass.
    pub(super) fn contested(&mut self, bubble: u32) -> Option<Duration> {
        let Contested { since, youngest } = self.last_contested(bubble)?;
        patience(since).or_else(|| {
            let may_have_it = self.are_others_at_work(bubble, youngest)
                || self.is_anothers_turn(bubble, youngest)
                || match youngest {
                    Some(_) => self.does_a_suspect_run(bubble, since),
                    None => self.does_a_stranger_run(),
                }
                // Asked last: who runs now may wait there a moment later.
                || is_anyone_at_the_door();
            may_have_it.then_some(LOOK_AGAIN)
        })
    }

    /// How long a member that waits so, as each new thread of std's may, counts as one that is about to go on: a bubble that ended
    /// meanwhile would leave it behind, short of where the next one expects it. What is never let go does not keep it.
    pub(super) fn not_yet_at_rest(&mut self, bubble: u32) -> Option<Duration> {
        let passed = os::real_monotonic().saturating_sub(self.last_contested(bubble)?.since);
        if passed < CROWDED_GRACE { self.contested(bubble) } else { None }
    }

    /// The last that is known of what a bubble's members wait for so.
    fn last_contested(&self, bubble: u32) -> Option<Contested> {
        let members = &self.rooms.get(&bubble)?.members;
        let contested = members.iter().filter_map(|place| self.slots[*place].as_ref()?.contested);
        contested.reduce(|one, other| Contested {
            since: one.since.max(other.since),
            youngest: one.youngest.zip(other.youngest).map(|(one, other)| one.max(other)),
        })
    }

    /// Whether another bubble, no younger than that, does something.
    fn are_others_at_work(&self, bubble: u32, youngest: Option<u32>) -> bool {
        // Not by their deadlines: their clocks may wait as this one's does.
        self.no_younger(youngest).any(|(other, room)| *other != bubble && room.goes_on())
    }

    fn no_younger(&self, youngest: Option<u32>) -> impl Iterator<Item = (&u32, &Room)> {
        self.rooms.range(..=youngest.unwrap_or(u32::MAX))
    }

    /// Whether a thread of no bubble runs that there was then.
    fn does_a_suspect_run(&mut self, bubble: u32, since: u64) -> bool {
        let Some(room) = self.rooms.get_mut(&bubble) else { return false };
        if room.suspects.since != since {
            let members = self.slots.iter().flatten().filter(|slot| slot.bubble != 0);
            let members: BTreeSet<_> = members.map(|slot| slot.thread).collect();
            let threads = os::threads().filter(|thread| !members.contains(thread)).collect();
            room.suspects = Suspects { since, threads };
        }
        os::does_any_run(&room.suspects.threads)
    }

    /// Whether of the bubbles that wait for what one of them may have another comes first: their clocks go on side by side, so that
    /// the one whose member sleeps with it comes to let go of it.
    fn is_anothers_turn(&self, bubble: u32, youngest: Option<u32>) -> bool {
        let turn = |bubble: u32| Some((self.next_since_contested(bubble)?, bubble));
        turn(bubble)
            .is_some_and(|own| self.no_younger(youngest).any(|(other, _)| turn(*other).is_some_and(|turn| turn < own)))
    }

    /// How long after a bubble's members began to wait so its clock is to stop next, if it may move there.
    fn next_since_contested(&self, bubble: u32) -> Option<u64> {
        let room = self.rooms.get(&bubble).filter(|room| room.has_time() && room.news.cut.is_none())?;
        let members = room.members.iter().filter_map(|place| self.slots[*place].as_ref());
        let since = members.filter(|slot| slot.contested.is_some()).map(|slot| slot.since).min()?;
        let alarm = room.first_alarm().map(|(_, at)| at);
        let next = self.next_deadline(bubble).into_iter().chain(alarm).min()?;
        Some(next.saturating_sub(since))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::sync::mpsc::channel;
    use std::thread;

    use super::super::state::world;
    use super::*;

    /// A lock as far from any other as the two need be not to be taken for one.
    #[repr(align(64))]
    struct Apart(Mutex<()>);

    const _: () = assert!(size_of::<Apart>() >= LOCK_SIZE);

    /// Has a stranger keep a lock while something is done in a bubble, of which a thread waits for it.
    fn while_contested(Apart(lock): &'static Apart, run: impl FnOnce(u32)) {
        let (held, is_held) = channel();
        let (free, is_free) = channel::<()>();
        let stranger = thread::spawn(move || {
            let _held = lock.lock().unwrap();
            held.send(()).unwrap();
            is_free.recv().unwrap();
        });
        is_held.recv().unwrap();
        crate::run(async || {
            let bubble = os::bubble().unwrap();
            let waits = thread::spawn(|| drop(lock.lock().unwrap()));
            while world(|world| world.last_contested(bubble)).is_none() {
                thread::yield_now();
            }
            run(bubble);
            free.send(()).unwrap();
            waits.join().unwrap();
        });
        stranger.join().unwrap();
    }

    #[test]
    fn who_waits_for_a_lock_that_a_stranger_has_counts_as_at_rest_only_after_a_while() {
        static LOCK: Apart = Apart(Mutex::new(()));

        while_contested(&LOCK, |bubble| {
            world(|world| {
                let place = world.rooms[&bubble].members[1];
                let mut is_kept_since = |since| {
                    world.slot(place).contested = Some(Contested { since, youngest: Some(bubble) });
                    world.not_yet_at_rest(bubble).is_some()
                };
                let now = os::real_monotonic();
                // However late the next line runs.
                assert!(is_kept_since(now + CROWDED_GRACE));
                assert!(!is_kept_since(now - CROWDED_GRACE));
            });
        });
    }

    #[test]
    fn who_waits_for_a_lock_waits_for_no_bubble_that_began_after_its_holder_had_it() {
        static LOCK: Apart = Apart(Mutex::new(()));
        static IS_OVER: AtomicBool = AtomicBool::new(false);

        while_contested(&LOCK, |bubble| {
            let (begun, has_begun) = channel();
            let younger = os::inside(|| {
                thread::spawn(move || {
                    crate::run(async || {
                        begun.send(()).unwrap();
                        while !IS_OVER.load(Ordering::SeqCst) {
                            thread::yield_now();
                        }
                    });
                })
            });
            os::inside(|| has_begun.recv()).unwrap();
            while world(|world| world.contested(bubble)).is_some() {
                thread::yield_now();
            }
            IS_OVER.store(true, Ordering::SeqCst);
            os::inside(|| younger.join()).unwrap();
        });
    }
}
