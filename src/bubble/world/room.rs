use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::alarm::Alarm;
use super::answers::Answers;
use super::children::Children;
use super::clocks::Clocks;
use super::contested::Suspects;
use super::messengers::Messengers;
use super::timers::Timers;
use crate::bubble::{Cut, Event, Log, Nanos, Root, lock, wheel};
use crate::os::{self, Bell, Exchange};

/// What the world knows of one bubble.
pub(super) struct Room {
    pub(super) clocks: Arc<Clocks>,
    /// Its members' places among the slots, its root first.
    pub(super) members: Vec<usize>,
    /// How many of them are not at rest.
    pub(super) running: usize,
    /// Whether one has ended since the descriptors were last asked: it may have made one of them ready.
    pub(super) has_ended: bool,
    /// Who is to be told once all is at rest at an instant, after everything that is due then.
    pub(super) alarms: Vec<(u64, Arc<Alarm>)>,
    pub(super) timers: Timers,
    pub(super) frozen: usize,
    /// How many hold the clock because someone outside will wake the bubble.
    pub(super) holds: usize,
    pub(super) answers: Answers,
    pub(super) children: Children,
    pub(super) messengers: Messengers,
    pub(super) suspects: Suspects,
    /// When, in real time, the last bytes came from outside.
    pub(super) heard_at: Option<u64>,
    /// Since when, in real time, nothing has been left that could happen.
    pub(super) idle_since: Option<u64>,
    /// When, in real time, others were last seen to go on who may wake it; 0 if never.
    pub(super) others_seen_at: u64,
    /// How often the body had been polled when it was found to have starved.
    pub(super) starved_at_poll: Option<u64>,
    /// Tells the log that the clock moved, and says whether the body has starved by that.
    pub(super) moved: Option<Moved>,
    /// Told that the bubble is stuck.
    pub(super) root: Arc<Root>,
    /// The bubble's log, once a server is watched.
    pub(super) log: Option<Arc<Mutex<Log>>>,
    /// The servers whose requests are noted: for each port its number.
    pub(super) servers: BTreeMap<u16, u32>,
    /// The threads that work for another bubble too, and wait for a time of one of them.
    pub(super) shared: BTreeSet<i32>,
    /// The threads that had outlived another bubble.
    pub(super) came_over: BTreeSet<i32>,
    pub(super) news: News,
    /// Rings when there are news.
    pub(super) bell: Arc<Bell>,
}

/// Told of each move of the clock, and whether somebody waits for it to be moved by hand.
pub(super) type Moved = Box<dyn Fn(Nanos, Nanos, bool) -> bool + Send>;

/// What the root of the bubble's runtime is to be told.
#[derive(Default)]
pub(super) struct News {
    pub(super) alarms: Vec<Arc<Alarm>>,
    pub(super) cut: Option<Cut>,
}

impl Room {
    pub(super) fn new(clocks: Arc<Clocks>, root: Arc<Root>, bell: Arc<Bell>) -> Self {
        Self {
            clocks,
            members: Vec::new(),
            running: 0,
            has_ended: false,
            alarms: Vec::new(),
            timers: Timers::default(),
            frozen: 0,
            holds: 0,
            answers: Answers::default(),
            children: Children::default(),
            messengers: Messengers::default(),
            suspects: Suspects::default(),
            heard_at: None,
            idle_since: None,
            others_seen_at: 0,
            shared: BTreeSet::new(),
            came_over: BTreeSet::new(),
            starved_at_poll: None,
            moved: None,
            root,
            log: None,
            servers: BTreeMap::new(),
            news: News::default(),
            bell,
        }
    }

    /// How long the clock waits for answers from outside.
    pub(super) fn owed_for(&self) -> Option<Duration> {
        self.answers.left(os::real_monotonic())
    }

    /// Whether the clock waits for a process that the bubble started.
    pub(super) fn waits_for_child(&mut self) -> bool {
        self.look_at_children();
        self.children.are_any_at_work()
    }

    fn look_at_children(&mut self) {
        if self.children.look() {
            self.heard_at = Some(os::real_monotonic());
        }
    }

    /// The processes that the bubble started, and that live.
    pub(super) fn living_children(&mut self) -> Vec<i32> {
        self.look_at_children();
        self.children.living()
    }

    /// Whether somebody outside, for whom the clock waits no longer, may yet wake a member: who works that long is not done for.
    pub(super) fn may_be_woken_from_outside(&mut self) -> bool {
        self.answers.are_any_owed() || !self.living_children().is_empty()
    }

    /// Whether it may do something by itself, or be woken from outside, apart from what its clock brings.
    pub(super) fn goes_on(&self) -> bool {
        !self.root.is_left()
            && (self.running > 0
                || self.holds > 0
                || self.heard_at.is_some()
                || self.children.are_any_young()
                || self.owed_for().is_some())
    }

    /// Whether the clock brings nothing any more to the body, as far as anybody can tell, and stands still for that.
    pub(super) fn is_starving(&self) -> bool {
        self.starved_at_poll == Some(self.root.polls()) && !self.root.is_left()
    }

    /// Whether its clock may move to a deadline.
    pub(super) fn has_time(&self) -> bool {
        self.frozen == 0 && !self.is_starving() && !self.root.is_left()
    }

    /// The alarm that goes off first; of several at one instant, the one that was set first.
    pub(super) fn first_alarm(&self) -> Option<(usize, u64)> {
        let at = self.alarms.iter().map(|(at, _)| *at).enumerate();
        at.min_by_key(|(place, at)| (*at, *place))
    }

    pub(super) fn move_to(&mut self, at: u64) {
        let from = self.clocks.now();
        if at <= from {
            return;
        }
        self.clocks.raise(at);
        if let Some(moved) = &self.moved
            && moved(Nanos::new(from), Nanos::new(at), !self.alarms.is_empty())
        {
            self.tell(Cut::Starved);
        }
    }

    /// Gives a server the number under which its requests are noted.
    #[cfg(feature = "http")]
    pub(super) fn watch(&mut self, port: u16, log: Arc<Mutex<Log>>) -> u32 {
        self.log = Some(log);
        let next = u32::try_from(self.servers.len()).unwrap_or(u32::MAX).saturating_add(1);
        *self.servers.entry(port).or_insert(next)
    }

    pub(super) fn note_exchange(&self, port: u16, connection: i32, exchange: Exchange<'_>) {
        if let (Some(log), Some(&server)) = (&self.log, self.servers.get(&port)) {
            let now = Nanos::new(self.clocks.now()).minus(wheel::ZERO.into());
            lock(log).push(now.into(), Event::Http { server, connection, did: exchange.into() });
        }
    }

    pub(super) fn tell(&mut self, cut: Cut) {
        self.news.cut.get_or_insert(cut);
        self.starved_at_poll = None;
        self.bell.ring();
        if cut == Cut::Stuck {
            self.root.tell_stuck();
        }
    }
}
