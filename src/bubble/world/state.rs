use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};

use super::MOST_LEAD;
use super::door::{Door, Left};
use super::foreign::Foreign;
use super::messengers::Messengers;
use super::room::Room;
use super::slot::{Slot, State};
use crate::os::{self, Host, Poker, Polls, Runner, Traffic, Wait, Woken};

/// All bubbles of the process and their members, under one lock: every change of a state, a deadline, a wake-up.
#[derive(Default)]
pub(super) struct World {
    pub(super) slots: Vec<Option<Slot>>,
    pub(super) rooms: BTreeMap<u32, Room>,
    /// The polls of all descriptors of a bubble, kept for their room.
    pub(super) polls: Polls,
    pub(super) foreign: Foreign,
    turns: u64,
    /// How many there have been, which is the number of the youngest.
    pub(super) bubbles: u32,
    /// How far the clocks of threads that outlived their bubbles may be ahead of the real one.
    pub(super) lead: u64,
}

static WORLD: Mutex<Option<World>> = Mutex::new(None);
static DOOR: Door = Door::new();

/// Keeps the world locked. Its holder is inside the crate's own code.
pub(super) struct Locked {
    world: MutexGuard<'static, Option<World>>,
    /// Dropped second.
    _leaving: Leaving,
}

/// Sees to what was left at the door of a world that is free again.
struct Leaving;

impl Drop for Leaving {
    fn drop(&mut self) {
        while DOOR.is_any_left() {
            // Else who has it now does so.
            let Some(mut world) = try_lock() else { return };
            see_to_door(world.get_or_insert_default());
        }
    }
}

impl Locked {
    /// Called inside the crate's own code only.
    pub(super) fn new() -> Self {
        let world = try_lock().unwrap_or_else(|| DOOR.wait(|| WORLD.lock().unwrap_or_else(PoisonError::into_inner)));
        Self::of(world)
    }

    /// Gives nothing if a thread has it.
    fn at_once() -> Option<Self> {
        try_lock().map(Self::of)
    }

    fn of(world: MutexGuard<'static, Option<World>>) -> Self {
        let mut locked = Self { world, _leaving: Leaving };
        see_to_door(locked.get());
        locked
    }

    pub(super) fn get(&mut self) -> &mut World {
        self.world.get_or_insert_default()
    }
}

fn try_lock() -> Option<MutexGuard<'static, Option<World>>> {
    match WORLD.try_lock() {
        Ok(world) => Some(world),
        Err(TryLockError::Poisoned(world)) => Some(world.into_inner()),
        Err(TryLockError::WouldBlock) => None,
    }
}

fn see_to_door(world: &mut World) {
    DOOR.see_to_all(|left| match left {
        Left::On { address, most, by } => _ = world.wake_word(address, most, by),
        Left::All => world.wake_all(),
    });
}

/// Whether an address is in the lock itself, on which no member waits.
fn is_of_the_lock(address: usize) -> bool {
    let start = (&raw const WORLD) as usize;
    (start..start + size_of_val(&WORLD)).contains(&address)
}

/// Asks or changes the world.
pub(super) fn world<T>(ask: impl FnOnce(&mut World) -> T) -> T {
    os::inside(|| ask(Locked::new().get()))
}

/// Whether a thread waits for the world, which the caller keeps, or has left a wake-up for it.
pub(super) fn is_anyone_at_the_door() -> bool {
    DOOR.is_anyone_here()
}

impl World {
    pub(super) fn new_bubble(&mut self) -> u32 {
        self.bubbles += 1;
        self.bubbles
    }

    pub(super) fn add(&mut self, bubble: u32, poker: Arc<Poker>) -> usize {
        let slot = Some(Slot::new(bubble, poker));
        let place = if let Some(free) = self.slots.iter().position(Option::is_none) {
            self.slots[free] = slot;
            free
        } else {
            self.slots.push(slot);
            self.slots.len() - 1
        };
        self.settle_in(place, bubble);
        place
    }

    pub(super) fn remove(&mut self, place: usize) {
        if let Some(slot) = self.slots[place].take() {
            self.take_leave(place, slot.bubble);
        }
    }

    /// Has a member that runs join a bubble, and leave the one in which it was; says whether that one is still there.
    pub(super) fn settle_in(&mut self, place: usize, bubble: u32) -> bool {
        let Some(room) = self.rooms.get_mut(&bubble) else { return false };
        room.members.push(place);
        room.running += 1;
        let left = std::mem::replace(&mut self.slot(place).bubble, bubble);
        if left != bubble {
            self.take_leave(place, left);
        }
        true
    }

    fn take_leave(&mut self, place: usize, bubble: u32) {
        if let Some(room) = self.rooms.get_mut(&bubble) {
            room.members.retain(|member| *member != place);
            room.running -= 1;
            room.has_ended = true;
            self.reconsider(bubble);
        }
    }

    /// The processes that a bubble started, and that live.
    pub(super) fn living_children(&mut self, bubble: u32) -> Vec<i32> {
        self.rooms.get_mut(&bubble).map(Room::living_children).unwrap_or_default()
    }

    pub(super) fn slot(&mut self, place: usize) -> &mut Slot {
        self.slots[place].as_mut().expect("a member has a slot as long as it lives")
    }

    /// Puts a member to rest, unless there is nothing to wait for.
    pub(super) fn lie_down(&mut self, place: usize, wait: &Wait<'_>, deadline: Option<u64>) -> Option<Woken> {
        if let Some(word) = wait.word {
            os::count_word();
            if !(word.still)() {
                os::uncount_word();
                return Some(Woken::Changed);
            }
        }
        if let Some(address) = wait.wakes {
            self.wake_word(address, 1, os::bubble());
        }
        let bubble = self.slot(place).bubble;
        if let Some(word) = wait.word
            && bubble != 0
        {
            self.take_in(word.address, bubble);
        }
        let room = self.rooms.get_mut(&bubble);
        if let (Some(deadline), Some(room)) = (deadline, &room)
            && deadline <= room.clocks.now()
        {
            if wait.word.is_some() {
                os::uncount_word();
            }
            return Some(Woken::TimedOut);
        }
        let now = room.as_ref().map_or(0, |room| room.clocks.now());
        if let Some(room) = room {
            room.running -= 1;
        }
        self.turns += 1;
        let turn = self.turns;
        let slot = self.slot(place);
        slot.state = State::Parked;
        slot.call = wait.call;
        slot.fds.extend_from_slice(wait.fds);
        if wait.call == "epoll_wait" {
            slot.epoll = wait.fds.first().map(|fd| fd.number);
        }
        slot.word = wait.word.map(|word| word.address);
        slot.deadline = deadline;
        slot.since = now;
        slot.turn = turn;
        slot.poker.set(!wait.fds.is_empty());
        if let Some(word) = wait.word {
            self.begin_contest(place, word.address);
        }
        None
    }

    /// Has a thread that outlived its bubble join the one that waits for its end.
    fn take_in(&mut self, end: usize, bubble: u32) {
        let is_it = |slot: &Option<Slot>| slot.as_ref().is_some_and(|slot| slot.bubble == 0 && slot.end == end);
        if let Some(place) = self.slots.iter().position(is_it) {
            // Its deadline is on another clock from now on.
            self.rouse(place, Woken::Changed, None);
            self.settle_in(place, bubble);
        }
    }

    /// Says why a member's wait is over, if it is.
    pub(super) fn get_up(&mut self, place: usize) -> Option<Woken> {
        let slot = self.slot(place);
        slot.poker.clear();
        slot.get_up()
    }

    /// Ends a member's wait; `by` is the member that does so, which needs no poke if it is the same.
    pub(super) fn rouse(&mut self, place: usize, why: Woken, by: Option<usize>) {
        let slot = self.slot(place);
        if !slot.is_parked() {
            return;
        }
        slot.rise(why);
        if by != Some(place) {
            slot.poker.poke();
        }
        let bubble = slot.bubble;
        if let Some(room) = self.rooms.get_mut(&bubble) {
            room.running += 1;
            room.idle_since = None;
        }
    }

    /// `waker` is the bubble of who wakes.
    fn wake_word(&mut self, address: usize, most: usize, waker: Option<u32>) -> usize {
        let is_static = os::is_static(address);
        // A lock that is let go of is for nobody in particular.
        if let Some(bubble) = waker.filter(|_| !is_static) {
            self.call_risen(address, bubble);
        }
        let mut woken = 0;
        while woken < most {
            let waiting = self.slots.iter().enumerate().filter_map(|(place, slot)| Some((place, slot.as_ref()?)));
            let on_word = waiting.filter(|(_, slot)| slot.is_parked() && slot.word == Some(address));
            let Some((place, _)) = on_word.min_by_key(|(_, slot)| slot.turn) else { break };
            let (own, thread, deadline) = {
                let slot = self.slot(place);
                (slot.bubble, slot.thread, slot.deadline)
            };
            self.rouse(place, Woken::ByWord, None);
            match waker {
                // It works for the bubble that woke it.
                Some(bubble) if own == 0 => _ = self.settle_in(place, bubble),
                _ if waker != Some(own) => {
                    self.foreign.note(own, address);
                    self.foreign.note(waker.unwrap_or(0), address);
                    // What others ask of it, it does by its own bubble's clock.
                    if let (Some(waker), Some(_)) = (waker, deadline)
                        && !is_static
                    {
                        self.note_shared(thread, [own, waker]);
                    }
                }
                _ => {}
            }
            woken += 1;
        }
        // Even of none: a stranger may be woken by the same call.
        self.note_contest(address);
        woken
    }

    /// Has those work for a bubble that outlived their own and would have been woken by it, were they not just getting up.
    fn call_risen(&mut self, address: usize, bubble: u32) {
        for place in 0..self.slots.len() {
            if self.slots[place].as_ref().is_some_and(|slot| slot.is_left_and_rises_from(address)) {
                self.settle_in(place, bubble);
            }
        }
    }

    /// Notes that a thread that waits for a time of one bubble is woken by another.
    fn note_shared(&mut self, thread: i32, bubbles: [u32; 2]) {
        if bubbles.iter().all(|bubble| self.rooms.contains_key(bubble)) {
            for (_, room) in self.rooms.iter_mut().filter(|(bubble, _)| bubbles.contains(bubble)) {
                room.shared.insert(thread);
            }
        }
    }

    fn wake_all(&mut self) {
        for place in 0..self.slots.len() {
            if self.slots[place].as_ref().is_some_and(|slot| slot.word.is_some()) {
                self.rouse(place, Woken::ByWord, None);
            }
        }
    }

    /// Has those that outlived their bubble work for the bubble that has rung for them: at their epoll, if it is known at which.
    fn call(&mut self, bubble: u32, epoll: Option<i32>) {
        for place in 0..self.slots.len() {
            let Some(slot) = self.slots[place].as_ref().filter(|slot| slot.bubble == 0) else { continue };
            let is_at_bell = match epoll {
                Some(_) => slot.epoll == epoll,
                // Nobody rings at a socket: what is ready there is another's, whose bubble the thread finds out by itself.
                None => slot.is_parked() && !["accept", "recv", "send", "connect"].contains(&slot.call),
            };
            // Who is about to wait there will hear it, too.
            if is_at_bell && (!slot.is_parked() || self.polls.is_any_ready(&slot.fds)) {
                slot.is_called.store(true, Ordering::Relaxed);
                self.rouse(place, Woken::Ready, None);
                self.settle_in(place, bubble);
            }
        }
    }

    /// Notes that a member of a bubble has sent the process a signal, and who may be telling of it.
    pub(super) fn note_signal(&mut self, bubble: u32, strangers: Vec<Runner>) {
        let polls = &mut self.polls;
        let is_awake = |slot: &&Slot| !slot.is_parked() || polls.is_any_ready(&slot.fds);
        let awake = self.slots.iter().flatten().filter(|slot| slot.bubble != bubble).filter(is_awake);
        let messengers = Messengers::new(awake.map(|slot| &slot.stirs), strangers);
        if let Some(room) = self.rooms.get_mut(&bubble) {
            room.messengers = messengers;
        }
    }

    /// Ends a bubble: its members go on in real time.
    pub(super) fn close(&mut self, bubble: u32) {
        let Some(room) = self.rooms.remove(&bubble) else { return };
        self.foreign.forget(bubble);
        room.timers.hand_over(room.clocks.now());
        room.clocks.close();
        // One of them is the root, which ends with it.
        if room.members.len() > 1 {
            os::note_orphans();
            self.lead = self.lead.max(room.clocks.lead()).min(MOST_LEAD);
        }
        for place in room.members {
            let slot = self.slot(place);
            slot.bubble = 0;
            if slot.is_parked() {
                slot.poker.poke();
            }
        }
    }
}

/// How the hooks reach the world.
pub(super) struct Threads;

impl Host for Threads {
    fn wake(&self, address: usize, most: usize, bubble: Option<u32>) -> usize {
        if is_of_the_lock(address) {
            return 0;
        }
        os::inside(|| {
            let at_once = Locked::at_once().map(|mut locked| locked.get().wake_word(address, most, bubble));
            at_once.unwrap_or_else(|| {
                DOOR.leave(address, most, bubble);
                drop(Locked::at_once());
                0
            })
        })
    }

    fn ring(&self, bubble: u32, epoll: Option<i32>, ring: &mut dyn FnMut()) {
        world(|world| {
            ring();
            if bubble != 0 {
                world.call(bubble, epoll);
            }
        });
    }

    fn forget_timer(&self, fd: i32) {
        world(|world| world.rooms.values_mut().for_each(|room| room.timers.forget(fd)));
    }

    fn traffic(&self, bubble: u32, traffic: Traffic) {
        world(|world| {
            let Some(room) = world.rooms.get_mut(&bubble) else { return };
            let now = os::real_monotonic();
            match traffic {
                Traffic::Asked => room.answers.ask(now),
                Traffic::AskedAgain => room.answers.ask_again(now),
                Traffic::Answered => {
                    room.answers.take();
                    room.heard_at = Some(now);
                }
                Traffic::Heard => room.heard_at = Some(now),
                Traffic::Dropped => room.answers.forgive(),
            }
            world.reconsider(bubble);
        });
    }
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::net::{TcpListener, TcpStream};
    use std::sync::atomic::AtomicI32;
    use std::sync::mpsc::channel;
    use std::{env, fs, process, thread};

    use super::*;
    use crate::clock;

    #[test]
    fn a_wake_up_by_the_crate_s_own_code_reaches_a_member() {
        crate::run(async || {
            let parked = thread::spawn(thread::park);
            clock::settle().await;
            os::inside(|| parked.thread().unpark());
            parked.join().unwrap();
        });
    }

    #[test]
    fn a_wake_up_by_who_has_the_world_reaches_a_member_once_it_is_free() {
        for count in [1, 9, 99] {
            crate::run(async || {
                let parked: Vec<_> = (0..count).map(|_| thread::spawn(thread::park)).collect();
                clock::settle().await;
                world(|_| {
                    for parked in &parked {
                        parked.thread().unpark();
                    }
                });
                for parked in parked {
                    parked.join().unwrap();
                }
            });
        }
    }

    #[test]
    fn a_thread_that_is_just_getting_up_works_for_who_would_have_woken_it() {
        let (tell, told) = channel();
        let left = crate::run(async || {
            let left = thread::spawn(move || {
                tell.send(os::thread_id()).unwrap();
                thread::park();
            });
            clock::settle().await;
            left
        });
        let thread = told.recv().unwrap();

        crate::run(async || {
            let bubble = os::bubble().unwrap();
            world(|world| {
                let is_left = |slot: &Option<Slot>| slot.as_ref().is_some_and(|slot| slot.thread == thread);
                let place = world.slots.iter().position(is_left).unwrap();
                let address = world.slot(place).word.unwrap();
                world.rouse(place, Woken::Changed, None);
                assert_eq!(world.wake_word(address, 1, Some(bubble)), 0);
                assert_eq!(world.slot(place).bubble, bubble);
            });
            left.thread().unpark();
            left.join().unwrap();
        });
    }

    #[test]
    fn who_rings_does_not_call_a_thread_that_waits_for_somebody_else_s_connection() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let server = crate::run(async || {
            let server = thread::spawn(move || listener.accept().map(drop));
            clock::settle().await;
            server
        });

        crate::run(async || {
            let bubble = os::bubble().unwrap();
            let (called, _client) = world(|world| {
                let before = world.rooms[&bubble].members.len();
                let client = TcpStream::connect(address).unwrap();
                world.call(bubble, None);
                (world.rooms[&bubble].members.len() - before, client)
            });
            assert_eq!(called, 0);
        });
        server.join().unwrap().unwrap();
    }

    #[test]
    fn who_closes_a_file_does_not_call_a_thread_that_waits_for_the_lock_of_another() {
        let path = env::temp_dir().join(format!("standstill-{}-left-waiting", process::id()));
        let (held, wanted) = (File::create(&path).unwrap(), File::open(&path).unwrap());
        held.lock().unwrap();
        let waits = crate::run(async || {
            let waits = thread::spawn(move || wanted.lock().unwrap());
            clock::settle().await;
            waits
        });

        crate::run(async || {
            drop(File::open(&path).unwrap());
            let is_it = |slot: &&Slot| slot.call == "flock";
            assert_eq!(world(|world| world.slots.iter().flatten().find(is_it).unwrap().bubble), 0);
        });
        held.unlock().unwrap();
        waits.join().unwrap();
        fs::remove_file(&path).unwrap();
    }

    #[test]
    fn who_wakes_others_does_not_wait_for_the_world_whose_holder_may_wait_for_what_the_waker_holds() {
        static WAITING: AtomicI32 = AtomicI32::new(0);
        static SHARED: Mutex<()> = Mutex::new(());

        crate::run(async || {
            let parked = thread::spawn(thread::park);
            clock::settle().await;
            let held = SHARED.lock().unwrap();
            let waits = thread::spawn(|| {
                world(|_| {
                    WAITING.store(os::thread_id(), Ordering::SeqCst);
                    drop(SHARED.lock().unwrap());
                });
            });
            let is_asleep = |thread| {
                let state = os::inside(|| fs::read_to_string(format!("/proc/self/task/{thread}/stat")));
                state.is_ok_and(|state| state.contains(") S "))
            };
            while !is_asleep(WAITING.load(Ordering::SeqCst)) {
                thread::yield_now();
            }
            parked.thread().unpark();
            drop(held);
            waits.join().unwrap();
            parked.join().unwrap();
        });
    }
}
