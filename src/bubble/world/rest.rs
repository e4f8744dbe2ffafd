use std::time::Duration;

use super::room::Room;
use super::slot::Slot;
use super::state::{World, is_anyone_at_the_door};
use super::{CREEP, CROWDED_GRACE, GRACE, HORIZON, LONG_GRACE, LOOK_AGAIN};
use crate::bubble::{Cut, is_any_apart};
use crate::os::{self, Awaited, Woken};

impl World {
    /// Moves a bubble's clock if all its members are at rest, and says for how long, in real time, it is not yet known
    /// whether they are. `by` is the member that asks, if one does; `has_asked` says that it has
    /// just asked about its own descriptors.
    pub(super) fn rest(&mut self, bubble: u32, by: Option<usize>, has_asked: bool) -> Option<Duration> {
        let room = self.rooms.get_mut(&bubble)?;
        if room.running > 0 || room.members.is_empty() {
            return None;
        }
        let was_alone = room.members.len() == 1 && !std::mem::take(&mut room.has_ended);
        if !(has_asked && was_alone) && self.rouse_ready(bubble, by) {
            return None;
        }
        let room = self.rooms.get_mut(&bubble)?;
        // What holds the clock does not keep anyone from hearing that all is at rest now.
        if room.first_alarm().is_some_and(|(_, at)| at <= room.clocks.now()) {
            return self.not_yet_at_rest(bubble).or_else(|| self.go_on(bubble, by));
        }
        if room.holds > 0 {
            return None;
        }
        if let Some(wait) = room.owed_for() {
            return Some(wait);
        }
        if room.waits_for_child() || room.messengers.are_any_left() {
            return Some(LOOK_AGAIN);
        }
        if let Some(heard_at) = room.heard_at {
            let wait = patience(heard_at).or_else(|| patience_in_a_crowd(heard_at));
            if wait.is_some() {
                return wait;
            }
            room.heard_at = None;
        }
        if let Some(wait) = self.contested(bubble) {
            return Some(wait);
        }
        if let Some(wait) = self.slowed_down(bubble) {
            return Some(wait);
        }
        self.go_on(bubble, by)
    }

    /// How long the clock is to wait for real time, where a server that the bubble has started is young.
    fn slowed_down(&mut self, bubble: u32) -> Option<Duration> {
        if !self.rooms.get(&bubble)?.children.are_any_young() {
            return None;
        }
        let next = self.next_deadline(bubble);
        let room = self.rooms.get_mut(&bubble)?;
        room.children.slow_down(room.clocks.now(), next)
    }

    /// Whether something may yet happen in a bubble by itself.
    pub(super) fn may_go_on(&self, bubble: u32) -> bool {
        let Some(room) = self.rooms.get(&bubble) else { return false };
        room.goes_on() || (room.has_time() && self.next_deadline(bubble).is_some())
    }

    /// Whether a bubble has nothing left by itself, and for longer than it takes to be sure of that.
    pub(super) fn is_idle(&self, bubble: u32) -> bool {
        let since = self.rooms.get(&bubble).and_then(|room| room.idle_since);
        since.is_some_and(|since| patience(since).is_none())
    }

    /// Whether a thread of the process runs that may be of no bubble.
    pub(super) fn does_a_stranger_run(&self) -> bool {
        does_another_run(&self.left_threads())
    }

    /// The threads of bubbles whose end nobody waits for.
    pub(super) fn left_threads(&self) -> Vec<i32> {
        let is_left = |slot: &Slot| self.rooms.get(&slot.bubble).is_some_and(|room| room.root.is_left());
        self.slots.iter().flatten().filter(|slot| is_left(slot)).map(|slot| slot.thread).collect()
    }

    fn does_another_bubble_go_on(&self, bubble: u32) -> bool {
        self.rooms.keys().any(|other| *other != bubble && self.may_go_on(*other))
    }

    /// Goes on as if all were at rest, for members that wait for it in vain: something spins.
    pub(super) fn give_up_on_rest(&mut self, bubble: u32, by: usize) {
        if self.rooms.get(&bubble).is_some_and(|room| !room.alarms.is_empty()) {
            self.go_on(bubble, Some(by));
        }
    }

    /// Rouses the members for which something is ready, and says whether there are any.
    ///
    /// They may not find it out by themselves: what is ready now may be gone when they look, taken by somebody outside.
    fn rouse_ready(&mut self, bubble: u32, by: Option<usize>) -> bool {
        let Some(room) = self.rooms.get(&bubble) else { return false };
        self.polls.clear();
        for place in &room.members {
            if let Some(slot) = &self.slots[*place] {
                self.polls.add(&slot.fds);
            }
        }
        if self.polls.is_empty() || !self.polls.any_ready() {
            return false;
        }
        let mut first = 0;
        for member in 0..room.members.len() {
            let place = self.rooms[&bubble].members[member];
            let count = self.slots[place].as_ref().map_or(0, |slot| slot.fds.len());
            if (first..first + count).any(|fd| self.polls.is_ready(fd)) {
                self.rouse(place, Woken::Ready, by);
            }
            first += count;
        }
        true
    }

    /// Lets the next thing happen in a bubble whose members are all at rest.
    fn go_on(&mut self, bubble: u32, by: Option<usize>) -> Option<Duration> {
        let next = self.next_deadline(bubble);
        let room = self.rooms.get_mut(&bubble)?;
        let alarm = room.first_alarm();
        match (alarm, next) {
            (Some((place, at)), next) if next.is_none_or(|next| at < next) => {
                room.move_to(at);
                let (_, alarm) = room.alarms.remove(place);
                room.news.alarms.push(alarm);
                room.bell.ring();
                None
            }
            (None, Some(_)) if room.is_starving() => self.leave_to_others(bubble, Cut::Starved),
            // While the clock is frozen, it moves only towards an alarm.
            (alarm, Some(next)) if room.frozen == 0 || alarm.is_some() => {
                room.move_to(next);
                // Who has starved is told so before anything else happens.
                if room.news.cut.is_some() {
                    return None;
                }
                self.rouse_due(bubble, next, by);
                // A timer has expired, and whoever waits for it is yet to be roused, if anyone does.
                let is_nobody_up = self.rooms.get(&bubble)?.running == 0;
                is_nobody_up.then_some(Duration::ZERO)
            }
            _ if room.news.cut.is_some() => None,
            _ if room.may_be_woken_from_outside() => Some(GRACE),
            _ => self.leave_to_others(bubble, Cut::Stuck),
        }
    }

    /// Waits for others, where a bubble comes no further by itself, and tells it so once none of them goes on: another test may have
    /// what this one waits for, such as a lock of tokio's in a `static`; and so may a thread of none.
    fn leave_to_others(&mut self, bubble: u32, or_else: Cut) -> Option<Duration> {
        let goes_on = self.do_others_go_on(bubble, or_else);
        if !goes_on {
            self.rooms.get_mut(&bubble)?.tell(or_else);
        }
        goes_on.then_some(LOOK_AGAIN)
    }

    fn do_others_go_on(&mut self, bubble: u32, or_else: Cut) -> bool {
        let does_another = is_any_apart() || self.does_another_bubble_go_on(bubble);
        // The kernel takes long to tell of each thread.
        let awaited = if does_another { None } else { os::strangers_await() };
        let starves = |(other, room): (&u32, &Room)| *other != bubble && room.is_starving();
        // Who has starved is told so before those that only wait for it.
        let waits_for_starved = or_else == Cut::Stuck && self.rooms.iter().any(starves);

        let now = os::real_monotonic();
        let Some(room) = self.rooms.get_mut(&bubble) else { return false };
        let idle_since = *room.idle_since.get_or_insert(now);
        if does_another || awaited == Some(Awaited::Timer) {
            room.others_seen_at = now;
        }
        // Between two timers a stranger runs, and may not be seen.
        let since = idle_since.max(room.others_seen_at);
        patience(since).is_some()
            || waits_for_starved
            || (now < since + LONG_GRACE && (awaited.is_some() || self.does_a_stranger_run()))
    }

    /// Moves the clock a little for a thread that spins on it, and lets those run whose time has come.
    pub(super) fn creep(&mut self, bubble: u32) {
        let Some(room) = self.rooms.get_mut(&bubble) else { return };
        let now = room.clocks.now() + CREEP;
        room.clocks.raise(now);
        self.rouse_due(bubble, now, None);
    }

    pub(super) fn next_deadline(&self, bubble: u32) -> Option<u64> {
        let room = self.rooms.get(&bubble)?;
        let horizon = u64::try_from(HORIZON.as_nanos()).unwrap_or(u64::MAX);
        let deadlines = room.members.iter().filter_map(|place| self.slots[*place].as_ref()?.deadline);
        deadlines.chain(room.timers.next()).min().filter(|next| *next <= horizon)
    }

    fn rouse_due(&mut self, bubble: u32, now: u64, by: Option<usize>) {
        let Some(room) = self.rooms.get_mut(&bubble) else { return };
        room.timers.expire(room.clocks.now());
        let members = room.members.len();
        // None of them comes or goes by this.
        for member in 0..members {
            let place = self.rooms[&bubble].members[member];
            if self.slots[place].as_ref().is_some_and(|slot| slot.deadline.is_some_and(|deadline| deadline <= now)) {
                self.rouse(place, Woken::TimedOut, by);
            }
        }
    }

    /// Looks at a bubble again after a change that no member has made by coming to rest.
    pub(super) fn reconsider(&mut self, bubble: u32) {
        if self.rest(bubble, None, false).is_some() {
            // Somebody has to look once more when the time has come, and members can wait.
            let Some(room) = self.rooms.get(&bubble) else { return };
            let anyone = room.members.iter().find_map(|place| self.slots[*place].as_ref());
            if let Some(slot) = anyone {
                slot.poker.poke();
            }
        }
    }
}

/// Whether a thread other than these runs.
pub(super) fn does_another_run(but: &[i32]) -> bool {
    // The door is asked last: who runs now may wait there a moment later.
    os::does_another_thread_run(but) || is_anyone_at_the_door()
}

/// How much of the grace since an instant of real time is left.
pub(super) fn patience(since: u64) -> Option<Duration> {
    let passed = Duration::from_nanos(os::real_monotonic().saturating_sub(since));
    GRACE.checked_sub(passed).filter(|left| !left.is_zero())
}

/// For how long to wait on, where others may keep somebody from what he was about to do.
fn patience_in_a_crowd(since: u64) -> Option<Duration> {
    let passed = os::real_monotonic().saturating_sub(since);
    (passed < CROWDED_GRACE && os::is_crowded()).then_some(GRACE)
}
