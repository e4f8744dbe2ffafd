use std::backtrace::Backtrace;
use std::cell::{Cell, RefCell};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use super::clocks::Clocks;
use super::home::{Home, ahead, whole_millis};
use super::random::Random;
use super::reads::{Pace, Reads};
use super::slot::Slot;
use super::state::{Locked, Threads, World, world};
use super::{MOST_HASTY, MOST_TURNS};
use crate::os::{self, Clock, Exchange, Host, Poker, Polls, Timer, Traffic, Wait, Woken};

/// A thread of a bubble, as the hooks on that thread see it.
pub(super) struct Member {
    place: usize,
    poker: Arc<Poker>,
    /// How often it has come to rest, or asked what is ready. Others read it.
    stirs: Arc<AtomicU64>,
    /// Whether a bubble took it in while it ran. Others set it.
    is_called: Arc<AtomicBool>,
    home: RefCell<Home>,
    polls: RefCell<Polls>,
    random: Option<Random>,
    /// How often it has asked what is ready since it was last at rest.
    turns: Cell<u32>,
    /// How often it has read the clock since then.
    reads: Reads,
    /// How many of its waits were over at once since then.
    hasty: Cell<u32>,
    /// Its own clock shows no less than this, which is what it has shown in real time.
    least: Cell<u64>,
    /// Whether its bubble is over when it ends.
    is_root: bool,
}

impl Member {
    /// A bubble's first member. It counts as running.
    pub(super) fn root(world: &mut World, clocks: Arc<Clocks>, seed: Option<u64>) -> Self {
        Self::at(world, Home::Bubble(clocks, 0), seed.map(Random::new), true)
    }

    fn at(world: &mut World, home: Home, random: Option<Random>, is_root: bool) -> Self {
        let poker = Arc::new(Poker::default());
        let place = world.add(home.bubble(), Arc::clone(&poker));
        let slot = world.slot(place);
        let (stirs, is_called) = (Arc::clone(&slot.stirs), Arc::clone(&slot.is_called));
        Self {
            place,
            poker,
            stirs,
            is_called,
            home: RefCell::new(home),
            polls: RefCell::default(),
            random,
            turns: Cell::new(0),
            reads: Reads::new(),
            hasty: Cell::new(0),
            least: Cell::new(0),
            is_root,
        }
    }

    /// Notes a wait whose time was up before it began.
    ///
    /// Loops that wait until *more* than a limit has passed, such as `Condvar::wait_timeout_while`, would never end where
    /// a wait takes no time. So the thread's own clock, which nobody else reads, goes on a little.
    fn was_hasty(&self) {
        self.hasty.set(self.hasty.get() + 1);
        if self.hasty.get() > MOST_HASTY {
            self.least.set(os::Member::monotonic(self) + 1);
        }
    }

    /// Reads a clock of the bubble, which a thread that does so over and over makes go on; `None` if its time is real.
    #[inline]
    fn read(&self, clock: Clock, read: impl Fn(&Clocks, i64) -> u64) -> Option<u64> {
        match &*self.home.borrow() {
            Home::Bubble(clocks, ahead) if !clocks.is_closed() => {
                if self.reads.add() {
                    return Some(read(clocks, *ahead));
                }
            }
            _ => return None,
        }
        self.read_after_many(clock, read)
    }

    /// As [`read`](Self::read), where it may have been one too many.
    #[cold]
    fn read_after_many(&self, clock: Clock, read: impl Fn(&Clocks, i64) -> u64) -> Option<u64> {
        let bubble = os::Member::bubble(self);
        match self.reads.pace() {
            Pace::Calm => {}
            Pace::BeginsToSpin { reads } => os::hear_spin(clock, reads),
            Pace::Spins => {
                // Such a spin is known for what it is.
                os::Member::stir(self);
                world(|world| world.creep(bubble));
            }
        }
        self.at_home(|home| match home {
            Home::Bubble(clocks, ahead) => Some(read(clocks, *ahead)),
            Home::Real(_) => None,
        })
    }

    /// Where the thread belongs: in real time, if its bubble is gone.
    fn home(&self) -> Home {
        self.at_home(Home::clone)
    }

    /// Asks where the thread belongs.
    fn at_home<T>(&self, ask: impl FnOnce(&Home) -> T) -> T {
        let mut home = self.home.borrow_mut();
        if let Home::Bubble(clocks, _) = &*home
            && clocks.is_closed()
        {
            let last = home.monotonic();
            self.least.set(self.least.get().max(last));
            *home = Home::Real(ahead(last, os::real_monotonic()));
        }
        ask(&home)
    }

    /// Follows to the bubble that took the thread in, if it had outlived its own.
    fn go_home(&self, world: &mut World) {
        if self.at_home(Home::bubble) != 0 {
            return;
        }
        self.is_called.store(false, Ordering::Relaxed);
        let Slot { bubble, thread, .. } = *world.slot(self.place);
        if let Some(room) = world.rooms.get_mut(&bubble) {
            // Of the real time that has passed meanwhile, the thread may have seen nothing.
            let ahead = whole_millis(ahead(self.least.get(), room.clocks.monotonic()).max(0));
            room.came_over.insert(thread);
            *self.home.borrow_mut() = Home::Bubble(Arc::clone(&room.clocks), ahead);
        }
    }

    /// Says why the wait is over, if it is.
    fn get_up(&self, world: &mut World) -> Option<Woken> {
        let woken = world.get_up(self.place)?;
        self.go_home(world);
        Some(woken)
    }
}

impl os::Member for Member {
    fn monotonic(&self) -> u64 {
        let read = self.read(Clock::Monotonic, |clocks, ahead| clocks.monotonic().wrapping_add_signed(ahead));
        if let Some(reading) = read {
            return reading.max(self.least.get());
        }
        let now = self.at_home(Home::monotonic);
        self.least.set(now.max(self.least.get()));
        self.least.get()
    }

    fn system(&self) -> u64 {
        if let Some(reading) = self.read(Clock::System, |clocks, _| clocks.system()) {
            return reading;
        }
        self.at_home(|home| match home {
            Home::Bubble(clocks, _) => clocks.system(),
            Home::Real(_) => os::real_system(),
        })
    }

    fn park(&self, wait: &Wait<'_>) -> Woken {
        os::prime();
        self.stir();
        self.turns.set(0);
        self.reads.forget();
        let mut locked = Locked::new();
        // With the world locked, the bubble does not come to its end.
        self.go_home(locked.get());
        let deadline = self.at_home(|home| {
            let ahead = self.least.get().saturating_sub(home.monotonic());
            wait.deadline.map(|deadline| home.deadline(deadline.saturating_sub(ahead)))
        });
        if let Some(woken) = locked.get().lie_down(self.place, wait, deadline) {
            if woken == Woken::TimedOut {
                self.was_hasty();
            }
            return woken;
        }
        self.hasty.set(0);
        let mut has_asked = true;
        loop {
            let bubble = locked.get().slot(self.place).bubble;
            let patience = if bubble == 0 {
                // The bubble may have ended meanwhile, and the deadline is a real one now.
                let deadline = wait.deadline.map(|deadline| self.at_home(|home| home.deadline(deadline)));
                let left = deadline.map(|deadline| deadline.saturating_sub(os::real_monotonic()));
                if left == Some(0) {
                    locked.get().rouse(self.place, Woken::TimedOut, Some(self.place));
                }
                left.map(Duration::from_nanos)
            } else {
                locked.get().rest(bubble, Some(self.place), has_asked)
            };
            if let Some(woken) = self.get_up(locked.get()) {
                return woken;
            }
            drop(locked);
            let is_ready = self.poker.wait(wait.fds, &mut self.polls.borrow_mut(), patience);
            locked = Locked::new();
            has_asked = false;
            if locked.get().slot(self.place).is_asked {
                // Without the world: who looks at a stack waits for others that do, and they may want the world.
                drop(locked);
                let stack = Backtrace::force_capture();
                locked = Locked::new();
                let slot = locked.get().slot(self.place);
                slot.is_asked = false;
                slot.stack = slot.is_parked().then_some(stack);
            }
            if is_ready {
                locked.get().rouse(self.place, Woken::Ready, Some(self.place));
            }
            if let Some(woken) = self.get_up(locked.get()) {
                return woken;
            }
        }
    }

    fn come_over(&self) {
        if self.is_called.load(Ordering::Relaxed) {
            world(|world| self.go_home(world));
        }
    }

    fn set_timer(&self, fd: i32, timer: Option<Timer>) {
        world(|world| {
            self.go_home(world);
            let timer = timer.map(|timer| Timer { at: self.at_home(|home| home.deadline(timer.at)), ..timer });
            if let Some(room) = world.rooms.get_mut(&self.bubble()) {
                room.timers.set(fd, timer);
                room.timers.expire(room.clocks.now());
            }
        });
    }

    fn timer(&self, fd: i32) -> Option<Timer> {
        world(|world| {
            let timer = world.rooms.get(&self.bubble())?.timers.get(fd)?;
            Some(Timer { at: self.at_home(|home| home.shown_at(timer.at)), ..timer })
        })
    }

    fn missed(&self, fd: i32) -> u64 {
        world(|world| world.rooms.get_mut(&self.bubble()).map_or(0, |room| room.timers.take_missed(fd)))
    }

    fn stir(&self) {
        // Only its own thread writes.
        self.stirs.store(self.stirs.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
    }

    fn turn(&self) {
        self.turns.set(self.turns.get() + 1);
        if self.turns.get() >= MOST_TURNS {
            self.turns.set(0);
            world(|world| world.give_up_on_rest(self.bubble(), self.place));
        }
    }

    fn birth(&self, end: usize) -> Box<dyn os::Member> {
        let random = self.random.as_ref().map(Random::birth);
        Box::new(world(|world| {
            let child = Self::at(world, self.home(), random, false);
            world.slot(child.place).end = end;
            child
        }))
    }

    fn traffic(&self, traffic: Traffic) {
        Threads.traffic(self.bubble(), traffic);
    }

    fn exchange(&self, server: u16, connection: i32, exchange: Exchange<'_>) {
        let bubble = self.bubble();
        world(|world| {
            if let Some(room) = world.rooms.get(&bubble) {
                room.note_exchange(server, connection, exchange);
            }
        });
    }

    fn bubble(&self) -> u32 {
        // A signal handler that wakes others may come while this thread goes from home to home.
        self.home.try_borrow().map_or(0, |home| home.bubble())
    }

    fn does_body_go_on(&self) -> bool {
        world(|world| world.rooms.get(&self.bubble()).is_some_and(|room| !room.root.is_body_over()))
    }

    fn follow(&self, bubble: u32) -> bool {
        let home = self.home();
        !self.is_root
            && world(|world| {
                let is_there = world.settle_in(self.place, bubble);
                if home.bubble() == 0 {
                    self.go_home(world);
                } else if is_there {
                    let clocks = Arc::clone(&world.rooms[&bubble].clocks);
                    let ahead = whole_millis(ahead(home.monotonic(), clocks.monotonic()));
                    *self.home.borrow_mut() = Home::Bubble(clocks, ahead);
                }
                is_there
            })
    }

    fn random(&self, buffer: &mut [u8]) -> bool {
        let Some(random) = self.random.as_ref().filter(|_| self.bubble() != 0) else { return false };
        random.fill(buffer);
        true
    }

    fn has_child(&self, process: i32) {
        world(|world| {
            if let Some(room) = world.rooms.get_mut(&self.bubble()) {
                room.children.add(process);
            }
        });
    }

    fn children(&self) -> Vec<i32> {
        world(|world| world.living_children(self.bubble()))
    }

    fn signalled(&self) {
        let strangers = os::running_strangers();
        world(|world| world.note_signal(self.bubble(), strangers));
    }

    fn begin(&self) {
        world(|world| world.slot(self.place).thread = os::thread_id());
    }

    fn end(&self) {
        world(|world| world.remove(self.place));
    }
}
