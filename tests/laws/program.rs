use std::sync::{Arc, Mutex};
use std::time::Duration;

use proptest::collection::vec;
use proptest::prelude::*;

use crate::carrier::{Receive, to_task, to_thread};
use crate::script::{Lock, Script, Step};

/// What runs a script.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    Thread,
    /// `spawn_blocking`.
    Job,
    Task,
    /// A job that blocks on a future.
    BlockedJob,
    /// A task that blocks its worker, step by step.
    InPlace,
    /// A thread that builds a runtime: of its own thread only for no workers.
    Runtime(usize),
}

impl Kind {
    pub(crate) fn blocks(self) -> bool {
        matches!(self, Self::Thread | Self::Job | Self::InPlace)
    }

    /// Whether the thread can be joined, and not only heard of.
    pub(crate) fn is_thread(self) -> bool {
        matches!(self, Self::Thread | Self::Runtime(_))
    }
}

#[derive(Clone, Debug)]
struct Actor {
    kind: Kind,
    parent: usize,
    /// How long a thread's last destructor sleeps.
    farewell: Duration,
}

#[derive(Clone, Debug)]
enum Event {
    Sleep(Duration),
    Message {
        to: usize,
        way: u8,
        limit: Option<Duration>,
    },
    /// Both go on when both are there.
    Meeting {
        with: usize,
        way: u8,
    },
    /// Both hold a lock for so long, who comes first first.
    Lock {
        with: usize,
        holds: [Duration; 2],
    },
}

/// Who does what, in an order in which it could happen.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    /// The bubble's own runtime: how many workers it has, if it has any.
    pub(crate) workers: Option<usize>,
    actors: Vec<Actor>,
    events: Vec<(usize, Event)>,
}

/// A program made ready to run, and at what time each of its steps must end.
pub(crate) struct Plan {
    pub(crate) scripts: Vec<Script>,
    pub(crate) expected: Vec<Vec<Duration>>,
}

/// Any length; of whole milliseconds three times out of four, so that often several things are due at once.
fn duration() -> impl Strategy<Value = Duration> {
    prop_oneof![
        3 => (0..12_u64).prop_map(Duration::from_millis),
        1 => (0..5_000_000_u64).prop_map(Duration::from_nanos),
    ]
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        3 => duration().prop_map(Event::Sleep),
        4 => (0..8_usize, any::<u8>(), proptest::option::of(duration()))
            .prop_map(|(to, way, limit)| Event::Message { to, way, limit }),
        1 => (0..8_usize, any::<u8>()).prop_map(|(with, way)| Event::Meeting { with, way }),
        1 => (0..8_usize, [duration(), duration()]).prop_map(|(with, holds)| Event::Lock { with, holds }),
    ]
}

/// Programs of actors of the given kinds, beside the body.
pub(crate) fn programs(
    workers: impl Strategy<Value = Option<usize>>,
    kind: impl Strategy<Value = Kind>,
) -> impl Strategy<Value = Program> {
    let actor = (kind, 0..8_usize, duration()).prop_map(|(kind, parent, farewell)| Actor { kind, parent, farewell });
    (workers, vec(actor, 1..7), vec((0..8_usize, event()), 1..40)).prop_map(|(workers, actors, events)| Program {
        workers,
        actors,
        events,
    })
}

struct Planner<'a> {
    program: &'a Program,
    kinds: Vec<Kind>,
    /// When each actor is as far as planned.
    now: Vec<Duration>,
    /// When the runtime began whose timers an actor uses.
    zero: Vec<Duration>,
    plan: Plan,
}

impl Program {
    /// Computes the program's course: the body first, then the others.
    pub(crate) fn plan(&self) -> Plan {
        let kinds: Vec<_> = std::iter::once(Kind::Task)
            .chain(self.actors.iter().map(|actor| match actor.kind {
                // Only a runtime of many threads lets a task block.
                Kind::InPlace if self.workers.is_none() => Kind::Job,
                kind => kind,
            }))
            .collect();
        let count = kinds.len();
        let scripts = kinds.iter().map(|kind| Script { kind: *kind, farewell: Duration::ZERO, steps: None }).collect();
        let mut planner = Planner {
            program: self,
            kinds,
            now: vec![Duration::ZERO; count],
            zero: vec![Duration::ZERO; count],
            plan: Plan { scripts, expected: vec![Vec::new(); count] },
        };
        planner.plan.scripts[0].steps = Some(Vec::new());
        for (who, event) in &self.events {
            planner.happens(who % count, event);
        }
        for child in (1..count).rev() {
            planner.join(child);
        }
        planner.plan
    }
}

impl Planner<'_> {
    fn step(&mut self, who: usize, until: Duration, step: Step) {
        self.now[who] = self.now[who].max(until);
        self.plan.scripts[who].steps.as_mut().expect("whoever takes a step was born").push(step);
        self.plan.expected[who].push(self.now[who]);
    }

    fn is_born(&self, who: usize) -> bool {
        self.plan.scripts[who].steps.is_some()
    }

    fn parent(&self, who: usize) -> usize {
        self.program.actors[who - 1].parent % who
    }

    fn bear(&mut self, who: usize) {
        if self.is_born(who) {
            return;
        }
        let parent = self.parent(who);
        self.bear(parent);
        self.step(parent, Duration::ZERO, Step::Bear(who));
        self.now[who] = self.now[parent];
        if let Kind::Runtime(_) = self.kinds[who] {
            self.zero[who] = self.now[who];
        }
        self.plan.scripts[who].steps = Some(Vec::new());
    }

    fn join(&mut self, child: usize) {
        if !self.is_born(child) {
            return;
        }
        let parent = self.parent(child);
        if self.kinds[child].is_thread() && self.kinds[parent].blocks() {
            let farewell = self.program.actors[child - 1].farewell;
            self.plan.scripts[child].farewell = farewell;
            self.step(parent, self.now[child] + farewell, Step::Join(child));
        } else {
            self.message(child, parent, 0, None);
        }
    }

    /// When something is over that takes an actor so long: a runtime's timers count whole milliseconds.
    fn after(&self, who: usize, length: Duration) -> Duration {
        let end = self.now[who] + length;
        if self.kinds[who].blocks() {
            return end;
        }
        let since = (end - self.zero[who]).as_nanos().next_multiple_of(1_000_000);
        self.now[who].max(self.zero[who] + Duration::from_nanos(since.try_into().unwrap()))
    }

    fn happens(&mut self, who: usize, event: &Event) {
        self.bear(who);
        match event {
            Event::Sleep(length) => self.step(who, self.after(who, *length), Step::Sleep(*length)),
            Event::Message { to, way, limit } => {
                let to = to % self.kinds.len();
                self.bear(to);
                self.message(who, to, *way, *limit);
            }
            Event::Meeting { with, way } => {
                let with = with % self.kinds.len();
                self.bear(with);
                self.meeting(who, with, *way);
            }
            Event::Lock { with, holds } => {
                let with = with % self.kinds.len();
                self.bear(with);
                self.lock([who, with], *holds);
            }
        }
    }

    fn message(&mut self, from: usize, to: usize, way: u8, limit: Option<Duration>) {
        let blocks = self.kinds[to].blocks();
        let (send, receive) = if blocks { to_thread(way, limit.is_some()) } else { to_task(way) };
        self.step(from, Duration::ZERO, Step::Send(send));
        self.receive(to, self.now[from], receive, limit);
    }

    fn receive(&mut self, to: usize, sent: Duration, receive: Receive, limit: Option<Duration>) {
        let late = limit.map(|limit| self.after(to, limit));
        let until = late.map_or(sent, |late| sent.min(late));
        // At the same instant either may be the first; and tokio sees what has come to a socket no sooner than it looks.
        let comes = late.filter(|late| *late > self.now[to] && *late != sent).map(|late| sent < late);
        self.step(to, until, Step::Receive { receive, limit, comes });
    }

    fn meeting(&mut self, one: usize, other: usize, way: u8) {
        if one == other {
            return;
        }
        let at = self.now[one].max(self.now[other]);
        if self.kinds[one].blocks() && self.kinds[other].blocks() && way.is_multiple_of(2) {
            let barrier = Arc::new(std::sync::Barrier::new(2));
            self.step(one, at, Step::Meet(Arc::clone(&barrier)));
            self.step(other, at, Step::Meet(barrier));
            return;
        }
        let [there, back] =
            [one, other].map(|to| if self.kinds[to].blocks() { to_thread(way, false) } else { to_task(way) });
        self.step(one, Duration::ZERO, Step::Send(back.0));
        self.step(other, Duration::ZERO, Step::Send(there.0));
        self.receive(one, at, there.1, None);
        self.receive(other, at, back.1, None);
    }

    fn lock(&mut self, who: [usize; 2], holds: [Duration; 2]) {
        let [first, second] = if self.now[who[0]] < self.now[who[1]] { who } else { [who[1], who[0]] };
        // Of two that come at once, either may be the first.
        if self.now[first] == self.now[second] || self.kinds[first].blocks() != self.kinds[second].blocks() {
            return;
        }
        let lock =
            if self.kinds[first].blocks() { Lock::Std(Arc::new(Mutex::new(()))) } else { Lock::Tokio(Arc::default()) };
        self.step(first, self.after(first, holds[0]), Step::Hold(lock.clone(), holds[0]));
        self.now[second] = self.now[second].max(self.now[first]);
        self.step(second, self.after(second, holds[1]), Step::Hold(lock, holds[1]));
    }
}
