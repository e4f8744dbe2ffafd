use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, OnceLock};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use tokio::io::unix::AsyncFd;
use tokio::runtime::Handle;
use tokio::time::Instant;

use super::alarm::Rest;
use super::clocks::Clocks;
use super::member::Member;
use super::room::Room;
use super::state::{Threads, world};
use super::threads;
use crate::bubble::{Engine, Holder, Nanos, Root, ThreadWait, lock, wheel};
use crate::os::{self, Before, Bell};

/// The threads of libraries by which all tests of a process wait for timers.
const SHARED_TIMERS: &[&str] = &["async-io", "futures-timer"];

/// Virtual time for all of a test: std's clocks, threads and sockets.
pub(crate) struct Virtual {
    bubble: u32,
    clocks: Arc<Clocks>,
    root: Arc<Root>,
    bell: Arc<Bell>,
    /// How the runtime hears the bell.
    ear: Mutex<Option<AsyncFd<Arc<Bell>>>>,
    home: OnceLock<Home>,
    seed: Option<u64>,
    start_time: Option<Duration>,
}

/// The bubble's own runtime.
struct Home {
    handle: Handle,
    /// When it was taken, by its own clock.
    start: Instant,
    /// And by the bubble's.
    at: u64,
}

impl Virtual {
    /// `start_time` is what the system's clock shows at the bubble's start, since 1970.
    pub(crate) fn new(root: Arc<Root>, seed: Option<u64>, start_time: Option<Duration>) -> Self {
        os::set_host(&Threads);
        let bell = Arc::new(Bell::new());
        let (bubble, clocks) = world(|world| {
            let bubble = world.new_bubble();
            let clocks = Arc::new(Clocks::new(bubble, world.lead));
            world.rooms.insert(bubble, Room::new(Arc::clone(&clocks), Arc::clone(&root), Arc::clone(&bell)));
            (bubble, clocks)
        });
        Self { bubble, clocks, root, bell, ear: Mutex::default(), home: OnceLock::new(), seed, start_time }
    }

    pub(crate) fn bubble(&self) -> u32 {
        self.bubble
    }

    /// The bubble's threads that are not at rest.
    pub(crate) fn at_work(&self) -> Vec<threads::Running> {
        threads::at_work(self.bubble)
    }

    /// Makes the calling thread the bubble's first member, its root.
    pub(crate) fn enter(&self) -> Inside {
        let member = world(|world| Member::root(world, Arc::clone(&self.clocks), self.seed));
        Inside { bubble: self.bubble, before: os::sit(Box::new(member)) }
    }

    /// Takes the current runtime, which has just started, for the bubble's own; `moved` is told of each move of the clock, and
    /// says whether the body has starved by that.
    pub(crate) async fn adopt(&self, moved: impl Fn(Nanos, Nanos, bool) -> bool + Send + 'static) {
        // The runtime's own zero is a millisecond before the bubble's; and its wheel turns for the first time.
        tokio::time::sleep(wheel::ZERO).await;
        if let Some(time) = self.start_time {
            self.set_system(time);
        }
        self.clocks.begin();
        let ear = Arc::clone(&self.bell).heard();
        *lock(&self.ear) = Some(ear.unwrap_or_else(|error| panic!("the runtime could not watch an eventfd: {error}")));
        let home = Home { handle: Handle::current(), start: Instant::now(), at: self.clocks.now() };
        assert!(self.home.set(home).is_ok(), "a clock has one runtime");
        self.change(|room| {
            let zero = Nanos::from(wheel::ZERO);
            room.moved = Some(Box::new(move |from, to, by_hand| moved(from.minus(zero), to.minus(zero), by_hand)));
        });
    }

    /// A test that pauses tokio's clock and moves it takes the bubble's along.
    fn catch_up(&self, home: &Home) {
        if Handle::try_current().is_ok_and(|current| current.id() == home.handle.id()) {
            let ahead = Instant::now().saturating_duration_since(std::time::Instant::now().into());
            self.clocks.raise(self.clocks.now() + Nanos::from(ahead).get());
        }
    }

    /// The names of the threads that keep the time of one test, and work for another too.
    pub(crate) fn shared_threads(&self) -> Vec<String> {
        let shared = world(|world| world.rooms.get(&self.bubble).map(|room| room.shared.clone()));
        os::inside(|| shared.into_iter().flatten().filter_map(os::thread_name).collect())
    }

    /// The names of the threads by which all of a process waits for timers, where another bubble has started them.
    pub(crate) fn timers_elsewhere(&self) -> Vec<String> {
        let own = threads::started_in(self.bubble);
        let timers = os::inside(|| os::threads_named(SHARED_TIMERS));
        timers.into_iter().filter(|(thread, _)| !own.contains(thread)).map(|(_, name)| name).collect()
    }

    /// Lets go of the runtime.
    pub(crate) fn part(&self) {
        *lock(&self.ear) = None;
    }

    /// Has the requests to a server noted from now on, under the number that it gives.
    #[cfg(feature = "http")]
    pub(crate) fn watch(&self, port: u16, log: Arc<Mutex<crate::bubble::Log>>) -> Option<u32> {
        os::watch_connections();
        world(|world| world.rooms.get_mut(&self.bubble).map(|room| room.watch(port, log)))
    }

    /// Brings the news that came while all was at rest.
    fn deliver(&self) {
        let news = world(|world| world.rooms.get_mut(&self.bubble).map(|room| std::mem::take(&mut room.news)));
        let Some(news) = news else { return };
        for alarm in news.alarms {
            alarm.go_off();
        }
        if let Some(cut) = news.cut {
            self.root.cut(cut);
        }
    }

    fn change(&self, change: impl FnOnce(&mut Room)) {
        change_room(self.bubble, change);
    }
}

/// Changes what is known of a bubble, and looks at it again.
fn change_room(bubble: u32, change: impl FnOnce(&mut Room)) {
    world(|world| {
        if let Some(room) = world.rooms.get_mut(&bubble) {
            change(room);
        }
        world.reconsider(bubble);
    });
}

/// Keeps the calling thread a bubble's root, until dropped: then the bubble ends.
pub(crate) struct Inside {
    bubble: u32,
    before: Before,
}

impl Drop for Inside {
    fn drop(&mut self) {
        // In this order, for the clock must not move once the root is gone.
        world(|world| world.close(self.bubble));
        os::inside(|| os::forget_names(self.bubble));
        os::leave(&self.before);
    }
}

impl Engine for Virtual {
    fn now(&self) -> Duration {
        let now = self.clocks.now();
        if let Some(home) = self.home.get()
            && Instant::now() != home.start + Duration::from_nanos(now.saturating_sub(home.at))
        {
            self.catch_up(home);
        }
        self.last_known()
    }

    fn last_known(&self) -> Duration {
        Nanos::new(self.clocks.now()).minus(wheel::ZERO.into()).into()
    }

    fn start(&self) -> Instant {
        self.home.get().expect("the clock is asked only once its runtime runs").start
    }

    fn is_virtual(&self) -> bool {
        true
    }

    fn alarm(&self) -> Option<Instant> {
        None
    }

    fn was_moved_by_hand(&self) -> bool {
        false
    }

    fn top_of_turn(&self, _: bool) {
        let attention = Waker::from(Arc::clone(&self.root));
        let mut cx = Context::from_waker(&attention);
        let ear = lock(&self.ear);
        while let Some(ear) = &*ear
            && let Poll::Ready(Ok(mut heard)) = ear.poll_read_ready(&mut cx)
        {
            self.bell.silence();
            heard.clear_ready();
            self.deliver();
        }
    }

    fn settle(&self) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        self.now();
        Box::pin(Rest::at(self.bubble, self.clocks.now()))
    }

    fn advance(&self, by: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        self.now();
        Box::pin(Rest::at(self.bubble, self.clocks.now().saturating_add(Nanos::from(by).get())))
    }

    fn freeze(&self) {
        self.change(|room| room.frozen += 1);
    }

    fn thaw(&self) {
        self.change(|room| room.frozen -= 1);
    }

    fn is_frozen(&self) -> bool {
        world(|world| world.rooms.get(&self.bubble).is_some_and(|room| room.frozen > 0))
    }

    fn is_whole(&self) -> bool {
        true
    }

    fn system(&self) -> Duration {
        Duration::from_nanos(self.clocks.system())
    }

    fn date(&self) -> Option<Duration> {
        self.clocks.date().map(Duration::from_nanos)
    }

    fn set_system(&self, since_1970: Duration) {
        self.clocks.set_system(Nanos::from(since_1970).get());
    }

    fn held_by(&self) -> Vec<Holder> {
        let sockets =
            os::inside(|| os::owed(self.bubble)).into_iter().map(|(local, peer)| Holder::Socket { local, peer });
        let children = world(|world| world.living_children(self.bubble));
        let children = children.into_iter().map(|id| Holder::Process { id: id.cast_unsigned() });
        sockets
            .chain(children)
            .chain(threads::contested(self.bubble).into_iter().map(|name| Holder::Static { name }))
            .chain(threads::running(self.bubble).into_iter().map(|name| Holder::Thread { name }))
            .collect()
    }

    fn is_idle(&self) -> bool {
        world(|world| world.is_idle(self.bubble))
    }

    fn starve(&self) {
        self.change(|room| room.starved_at_poll = Some(room.root.polls()));
    }

    fn feed(&self) {
        self.change(|room| room.starved_at_poll = None);
    }

    fn is_starving(&self) -> bool {
        world(|world| world.rooms.get(&self.bubble).is_some_and(Room::is_starving))
    }

    fn may_go_on(&self) -> bool {
        world(|world| world.may_go_on(self.bubble))
    }

    fn threads(&self) -> Vec<ThreadWait> {
        threads::waits(self.bubble)
    }

    fn hold(&self) -> Box<dyn Send + Sync> {
        self.change(|room| room.holds += 1);
        Box::new(Held { bubble: self.bubble })
    }
}

struct Held {
    bubble: u32,
}

impl Drop for Held {
    fn drop(&mut self) {
        change_room(self.bubble, |room| room.holds -= 1);
    }
}
