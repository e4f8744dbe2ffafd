use std::backtrace::Backtrace;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use super::rest::does_another_run;
use super::slot::Slot;
use super::state::world;
use crate::bubble::{Chain, Nanos, ThreadWait, wheel};
use crate::os::{self, Socket};

/// How long, in real time, threads at rest may take to note their stacks, in milliseconds.
const PATIENCE: u32 = 1_000;

/// The threads of a bubble other than the calling one, each with where it waits.
pub(super) fn waits(bubble: u32) -> Vec<ThreadWait> {
    let places = world(|world| {
        let places = world.rooms.get(&bubble).map(|room| room.members.clone()).unwrap_or_default();
        for place in &places {
            let slot = world.slot(*place);
            if slot.is_parked() {
                slot.is_asked = true;
                slot.poker.poke();
            }
        }
        places
    });
    os::inside(|| {
        for _ in 0..PATIENCE {
            let is_asked =
                |place: &usize| world(|world| world.slots[*place].as_ref().is_some_and(|slot| slot.is_asked));
            if !places.iter().any(is_asked) {
                break;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
    });
    let own = os::thread_id();
    let mut found: Vec<_> = world(|world| {
        let all = places.iter().enumerate();
        let of_bubble = all.filter_map(|(number, place)| {
            let slot = world.slots[*place].as_mut().filter(|slot| slot.bubble == bubble && slot.thread != own)?;
            Some(Found::new(slot, number == 0))
        });
        of_bubble.collect()
    });
    found.sort_by_key(|found| (found.since, found.thread));
    let root = world(|world| places.first().and_then(|place| world.slots[*place].as_ref()).map(|slot| slot.thread));
    let root = os::inside(|| root.and_then(os::thread_name));
    found.into_iter().map(|found| found.in_words(root.as_deref())).collect()
}

/// What the world knows of a thread. It is put into words without the world: to do so a stack's lock is waited for, whose
/// holder may want the world.
struct Found {
    thread: i32,
    is_root: bool,
    is_parked: bool,
    since: u64,
    stack: Option<Backtrace>,
    /// What it waits for, if that is one descriptor.
    fd: Option<i32>,
}

impl Found {
    fn new(slot: &mut Slot, is_root: bool) -> Self {
        let (thread, since, is_parked) = (slot.thread, slot.since, slot.is_parked());
        let fd = if let [fd] = &slot.fds[..] { Some(fd.number) } else { None };
        Self { thread, is_root, is_parked, since, stack: slot.stack.take(), fd }
    }

    /// The kernel gives a thread without a name that of its parent, here the `root`.
    fn in_words(self, root: Option<&str>) -> ThreadWait {
        let since = Duration::from(Nanos::new(self.since).minus(wheel::ZERO.into()));
        ThreadWait {
            is_root: self.is_root,
            name: os::inside(|| os::thread_name(self.thread)).filter(|name| self.is_root || Some(&**name) != root),
            since: self.is_parked.then_some(since),
            waits: self.stack.map(|stack| {
                let (stack, socket) = os::inside(|| (stack.to_string(), self.fd.map_or(Socket::Other, os::socket_of)));
                Chain::of_thread(&stack, socket)
            }),
        }
    }
}

/// A thread that is not at rest.
pub(crate) struct Running {
    /// What the kernel calls it.
    pub(crate) thread: i32,
    pub(crate) is_root: bool,
    /// How often it has come to rest before, or asked what is ready.
    pub(crate) stirs: Arc<AtomicU64>,
}

/// The threads of a bubble that are not at rest.
pub(super) fn at_work(bubble: u32) -> Vec<Running> {
    world(|world| {
        let Some(room) = world.rooms.get(&bubble) else { return Vec::new() };
        let slots =
            room.members.iter().enumerate().filter_map(|(number, place)| Some((number, world.slots[*place].as_ref()?)));
        // One that has not begun yet has no number.
        let at_work = slots.filter(|(_, slot)| !slot.is_parked() && slot.thread != 0);
        at_work
            .map(|(number, slot)| Running { thread: slot.thread, is_root: number == 0, stirs: Arc::clone(&slot.stirs) })
            .collect()
    })
}

/// The threads that a bubble has started, as the kernel calls them.
pub(super) fn started_in(bubble: u32) -> Vec<i32> {
    world(|world| {
        let Some(room) = world.rooms.get(&bubble) else { return Vec::new() };
        let threads = room.members.iter().filter_map(|place| Some(world.slots[*place].as_ref()?.thread));
        threads.filter(|thread| !room.came_over.contains(thread)).collect()
    })
}

/// The names of a bubble's threads that are not at rest, the calling one left out.
pub(super) fn running(bubble: u32) -> Vec<String> {
    names(bubble, |slot| !slot.is_parked())
}

/// The names of those that wait for what is in a `static`, as long as somebody outside the bubble may have it.
pub(super) fn contested(bubble: u32) -> Vec<String> {
    if world(|world| world.contested(bubble)).is_none() {
        return Vec::new();
    }
    names(bubble, |slot| slot.contested.is_some())
}

fn names(bubble: u32, is_one: impl Fn(&Slot) -> bool) -> Vec<String> {
    let threads = world(|world| {
        let places = world.rooms.get(&bubble).map(|room| room.members.clone()).unwrap_or_default();
        let found = places.into_iter().filter_map(|place| world.slots[place].as_ref().filter(|slot| is_one(slot)));
        found.map(|slot| slot.thread).collect::<Vec<_>>()
    });
    let own = os::thread_id();
    let name = |thread| os::thread_name(thread).unwrap_or_else(|| "one that is about to start".to_owned());
    os::inside(|| threads.into_iter().filter(|thread| *thread != own).map(name).collect())
}

/// Whether a thread of the process runs that may be of no bubble.
pub(crate) fn does_a_stranger_run() -> bool {
    let left = world(|world| world.left_threads());
    os::inside(|| does_another_run(&left))
}
