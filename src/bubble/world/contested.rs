use std::collections::BTreeSet;
use std::time::Duration;

use super::rest::patience;
use super::slot::Slot;
use super::state::{World, is_anyone_at_the_door};
use super::{CROWDED_GRACE, LOOK_AGAIN};
use crate::os::{self, Runner};

/// A wait for what a thread of another bubble, or of none, may have: a lock in a `static`, or one at which both have met.
///
/// Whoever has it got it before anything last happened there, for to let go of it is to wake those who wait.
#[derive(Clone, Copy)]
pub(super) struct Contested {
    /// When, in real time, a thread began to wait there, or was woken.
    pub(super) since: u64,
    /// The youngest bubble that there was then.
    pub(super) youngest: u32,
}

/// The threads of no bubble that may have it, because they have run ever since.
#[derive(Default)]
pub(super) struct Suspects {
    since: u64,
    threads: Vec<Runner>,
}

impl Suspects {
    fn are_any_left(&mut self) -> bool {
        self.threads.retain(|thread| thread.runs_on());
        !self.threads.is_empty()
    }
}

impl World {
    /// Notes that a thread of a bubble waits at an address, or that one was woken there.
    pub(super) fn note_contest(&mut self, address: usize) {
        let contested = Contested { since: os::real_monotonic(), youngest: self.bubbles };
        let waiting = |slot: &&mut Slot| slot.is_parked() && slot.word == Some(address);
        for slot in self.slots.iter_mut().flatten().filter(waiting) {
            if self.foreign.is_one(slot.bubble, address) {
                slot.contested = Some(contested);
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
                || self.are_suspects_left(bubble, since)
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
        contested.max_by_key(|contested| contested.since)
    }

    /// Whether another bubble, which is no younger than that, does something.
    fn are_others_at_work(&self, bubble: u32, youngest: u32) -> bool {
        // Not by their deadlines: their clocks may wait as this one's does.
        self.rooms.range(..=youngest).any(|(other, room)| *other != bubble && room.goes_on())
    }

    fn are_suspects_left(&mut self, bubble: u32, since: u64) -> bool {
        let members = self.slots.iter().flatten().filter(|slot| slot.bubble != 0);
        let members: BTreeSet<_> = members.map(|slot| slot.thread).collect();
        let Some(room) = self.rooms.get_mut(&bubble) else { return false };
        if room.suspects.since != since {
            room.suspects = Suspects { since, threads: os::runners(|thread| members.contains(&thread)) };
        }
        room.suspects.are_any_left()
    }

    /// Whether of the bubbles that wait for what one of them may have another comes first: their clocks go on side by side, so that
    /// the one whose member sleeps with it comes to let go of it.
    fn is_anothers_turn(&self, bubble: u32, youngest: u32) -> bool {
        let turn = |bubble: u32| Some((self.next_since_contested(bubble)?, bubble));
        let mut others = self.rooms.range(..=youngest);
        turn(bubble).is_some_and(|own| others.any(|(other, _)| turn(*other).is_some_and(|turn| turn < own)))
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

    /// Has a stranger keep a lock while something is done in a bubble, of which a thread waits for it.
    fn while_contested(lock: &'static Mutex<()>, run: impl FnOnce(u32)) {
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
        static LOCK: Mutex<()> = Mutex::new(());

        while_contested(&LOCK, |bubble| {
            world(|world| {
                let place = world.rooms[&bubble].members[1];
                let mut is_kept_since = |since| {
                    world.slot(place).contested = Some(Contested { since, youngest: bubble });
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
        static LOCK: Mutex<()> = Mutex::new(());
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
