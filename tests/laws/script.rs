use std::cell::Cell;
use std::sync::{Arc, Barrier, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use futures::future::BoxFuture;
use tokio::runtime::{Builder, Handle};

use crate::carrier::{Receive, Send};
use crate::program::{Kind, Plan};

/// What one actor does.
pub(crate) struct Script {
    pub(crate) kind: Kind,
    pub(crate) farewell: Duration,
    /// None for one that never comes into being.
    pub(crate) steps: Option<Vec<Step>>,
}

pub(crate) enum Step {
    Sleep(Duration),
    Send(Send),
    Receive { receive: Receive, limit: Option<Duration>, comes: Option<bool> },
    Meet(Arc<Barrier>),
    Hold(Lock, Duration),
    Bear(usize),
    Join(usize),
}

#[derive(Clone)]
pub(crate) enum Lock {
    Std(Arc<Mutex<()>>),
    Tokio(Arc<tokio::sync::Mutex<()>>),
}

/// A run of a plan.
struct Stage {
    scripts: Mutex<Vec<Option<Script>>>,
    logs: Mutex<Vec<Vec<Duration>>>,
    start: Instant,
    runtime: Handle,
}

/// Runs the scripts, the first as the calling task, and says when each step ended.
pub(crate) async fn run(plan: &mut Plan) -> Vec<Vec<Duration>> {
    let scripts: Vec<_> = plan.scripts.drain(..).map(Some).collect();
    let stage = Arc::new(Stage {
        logs: Mutex::new(vec![Vec::new(); scripts.len()]),
        scripts: Mutex::new(scripts),
        start: Instant::now(),
        runtime: Handle::current(),
    });
    Actor::new(&stage, 0).awaits().await;
    // Whoever has just sent its last message has yet to write that down.
    standstill::clock::settle().await;
    std::mem::take(&mut stage.logs.lock().unwrap())
}

struct Actor {
    number: usize,
    kind: Kind,
    farewell: Duration,
    steps: Vec<Step>,
    threads: Vec<(usize, thread::JoinHandle<()>)>,
    stage: Arc<Stage>,
}

thread_local! {
    static LAST: Farewell = const { Farewell(Cell::new(Duration::ZERO)) };
}

struct Farewell(Cell<Duration>);

impl Drop for Farewell {
    fn drop(&mut self) {
        thread::sleep(self.0.get());
    }
}

impl Actor {
    fn new(stage: &Arc<Stage>, number: usize) -> Self {
        let script = stage.scripts.lock().unwrap()[number].take().unwrap();
        Self {
            number,
            kind: script.kind,
            farewell: script.farewell,
            steps: script.steps.unwrap(),
            threads: Vec::new(),
            stage: Arc::clone(stage),
        }
    }

    /// Starts another one.
    fn bear(&mut self, number: usize) {
        let child = Self::new(&self.stage, number);
        let runtime = &self.stage.runtime;
        match child.kind {
            Kind::Thread | Kind::Runtime(_) => self.threads.push((number, thread::spawn(|| child.on_thread()))),
            Kind::Job => drop(runtime.spawn_blocking(|| child.blocks())),
            Kind::BlockedJob => drop(runtime.spawn_blocking(|| Handle::current().block_on(child.awaits()))),
            Kind::Task => drop(runtime.spawn(child.awaits())),
            Kind::InPlace => drop(runtime.spawn(child.in_place())),
        }
    }

    fn on_thread(self) {
        LAST.with(|last| last.0.set(self.farewell));
        match self.kind {
            Kind::Runtime(0) => Builder::new_current_thread().enable_all().build().unwrap().block_on(self.awaits()),
            Kind::Runtime(workers) => {
                let runtime = Builder::new_multi_thread().worker_threads(workers).enable_all().build().unwrap();
                runtime.block_on(async { tokio::spawn(self.awaits()).await.unwrap() });
            }
            _ => self.blocks(),
        }
    }

    fn blocks(mut self) {
        for step in std::mem::take(&mut self.steps) {
            self.block(step);
        }
    }

    async fn in_place(mut self) {
        for step in std::mem::take(&mut self.steps) {
            tokio::task::block_in_place(|| self.block(step));
            tokio::task::yield_now().await;
        }
    }

    fn block(&mut self, step: Step) {
        let before = Self::begins();
        match step {
            Step::Sleep(length) => thread::sleep(length),
            Step::Send(send) => send(),
            Step::Receive { receive: Receive::Blocking(receive), limit, comes } => check(comes, receive(limit)),
            Step::Meet(barrier) => drop(barrier.wait()),
            Step::Hold(Lock::Std(lock), length) => {
                let _held = lock.lock().unwrap();
                thread::sleep(length);
            }
            Step::Bear(number) => self.bear(number),
            Step::Join(number) => {
                let place = self.threads.iter().position(|(child, _)| *child == number).unwrap();
                self.threads.remove(place).1.join().unwrap();
            }
            Step::Receive { .. } | Step::Hold(..) => unreachable!("made for a task"),
        }
        self.ends(before);
    }

    fn awaits(mut self) -> BoxFuture<'static, ()> {
        Box::pin(async move {
            for step in std::mem::take(&mut self.steps) {
                self.step(step).await;
            }
        })
    }

    async fn step(&mut self, step: Step) {
        let before = Self::begins();
        match step {
            Step::Sleep(length) => tokio::time::sleep(length).await,
            Step::Send(send) => send(),
            Step::Receive { receive: Receive::Async(receive), limit, comes } => match limit {
                Some(limit) => check(comes, tokio::time::timeout(limit, receive()).await.is_ok()),
                None => receive().await,
            },
            Step::Hold(Lock::Tokio(lock), length) => {
                let _held = lock.lock().await;
                tokio::time::sleep(length).await;
            }
            Step::Bear(number) => self.bear(number),
            Step::Receive { .. } | Step::Hold(..) | Step::Meet(_) | Step::Join(_) => unreachable!("made for a thread"),
        }
        self.ends(before);
    }

    /// Time stands still for as long as someone works.
    fn begins() -> Instant {
        let before = Instant::now();
        for number in 0..200_u32 {
            std::hint::black_box(number);
        }
        assert_eq!(before, Instant::now());
        before
    }

    fn ends(&self, before: Instant) {
        let now = Instant::now();
        assert!(before <= now);
        self.stage.logs.lock().unwrap()[self.number].push(now - self.stage.start);
    }
}

fn check(expected: Option<bool>, came: bool) {
    if let Some(expected) = expected {
        assert_eq!(expected, came);
    }
}
