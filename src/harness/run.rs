use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::{self, Handle, LocalRuntime, Runtime};

use super::evidence::Evidence;
use super::finding::{self, Finding, What};
use super::root::{self, Ended, Root};
use super::settings::{ClockKind, Settings};
use super::verdict::{Outcome, Verdict};
use super::{Failure, Flavor, Level, wall, warn};
#[cfg(seam)]
use crate::blocking::Overhearing;
#[cfg(seam)]
use crate::bubble::Virtual;
use crate::bubble::{self, Bubble, Clock, Cut, Entered, Log, Portable, Real};

/// How long, in real time, the end of a test waits for blocking jobs that are still running.
const LAST_JOBS: Duration = Duration::from_secs(1);

/// How long, in real time, others may take to wake the body once what it waits for is ready, in milliseconds.
const LATE: u32 = 10_000;

/// An idle blocking thread is no deadline of the test.
const FOR_EVER: Duration = Duration::MAX;

/// Runs a body on the calling thread.
#[track_caller]
pub(super) fn here<T>(settings: &Settings, body: impl AsyncFnOnce() -> T) -> Result<T, Failure> {
    let bubble = open(settings);
    let watched = wall::watch(&bubble, settings);
    let verdict = conduct(settings, &bubble, body);
    drop(watched);
    warn::each(&verdict.findings);
    Failure::or_output(verdict)
}

#[track_caller]
pub(super) fn open(settings: &Settings) -> Arc<Bubble> {
    assert!(
        !bubble::is_root() && Handle::try_current().is_err(),
        "a bubble cannot be opened inside another one or inside a tokio runtime: await the code directly, or call this from a thread of its own"
    );
    bubble::watch_panics();
    #[cfg(seam)]
    crate::blocking::open();
    let root = Arc::new(bubble::Root::default());
    root.allow_idle_jumps(settings.stuck_after);
    let clock = match settings.clock {
        #[cfg(seam)]
        ClockKind::Bubble => {
            Clock::Virtual(Virtual::new(Arc::clone(&root), settings.seed.map(|seed| seed.value), settings.start_time))
        }
        ClockKind::Portable => Clock::Portable(Portable::new(Arc::clone(&root))),
        ClockKind::Real => Clock::Real(Real::new()),
    };
    Arc::new(Bubble::new(clock, root, settings.ends_at_panic, settings.blocking.is_on()))
}

/// Runs a body in a bubble, to its verdict.
pub(super) fn conduct<T>(settings: &Settings, bubble: &Arc<Bubble>, body: impl AsyncFnOnce() -> T) -> Verdict<T> {
    #[cfg(seam)]
    let inside = match &bubble.clock {
        Clock::Virtual(clock) => Some(clock.enter()),
        _ => None,
    };
    #[cfg(seam)]
    let overhearing = (!bubble.clock.is_whole()).then(Overhearing::begin);
    let runtime = Flavored::build(settings, bubble);
    let entered = Entered::new(bubble, runtime.handle().id());

    let (outcome, mut findings, at, alive) = runtime.block_on(async {
        let mut root = Root::new(Arc::clone(bubble), async { body().await }, settings.timeout);
        let (outcome, mut findings, at) = watch(&mut root, settings, bubble).await;
        if let Err(payload) = root.drop_body() {
            findings.push(Finding::deny(What::DropPanic(super::failure::text(&*payload))));
        }
        let alive = at_rest(settings, bubble).await;
        (outcome, findings, at, alive)
    });
    if !matches!(outcome, Outcome::Cut) {
        findings.extend(finding::leaks(bubble, settings, alive));
    }
    #[cfg(seam)]
    if let Clock::Virtual(clock) = &bubble.clock {
        clock.part();
    }
    // What is alive is asked before the runtime drops it, which would cancel its calls.
    bubble.mocks.ask();
    runtime.shutdown();
    bubble.patches.clear();
    // Destructors of what the runtime dropped may have made calls.
    bubble.mocks.ask();
    let complaints = bubble.mocks.take();
    let panic = match &outcome {
        Outcome::Panicked(payload) => Some(super::failure::text(&**payload)),
        _ => None,
    };
    findings.extend(finding::mocks(complaints, settings, panic.as_deref()));
    bubble.root.end();
    drop(entered);
    #[cfg(seam)]
    drop((inside, overhearing));
    findings.extend(finding::panics(bubble, settings));
    findings.extend(finding::blocking(bubble, settings, matches!(outcome, Outcome::Finished(_))));

    Verdict { outcome, findings, at }
}

/// Lets the body run to its end, or to whatever is held against it.
async fn watch<F: Future>(
    root: &mut Root<F>,
    settings: &Settings,
    bubble: &Arc<Bubble>,
) -> (Outcome<F::Output>, Vec<Finding>, Duration) {
    let mut patience = settings.stuck_after;
    // What there is to say of a body that has starved, and how often it had been polled then.
    let mut starved = None;
    let (ended, findings, at) = loop {
        let ended = root.until_end().await;
        let Ended::Cut(cut) = ended else {
            break (ended, Vec::new(), bubble.now());
        };
        if cut == Cut::TaskPanic {
            break (ended, Vec::new(), bubble.now());
        }
        if let Some((polls, finding, at)) = starved.take()
            && polls == bubble.root.polls()
        {
            bubble.clock.goes_on();
            break (ended, vec![finding], at);
        }
        // Somebody has woken the body just then.
        if cut == Cut::Starved && bubble.root.idle_jumps() < patience {
            continue;
        }
        // The alarm that told of it was a jump, which woke nobody but the harness.
        if cut == Cut::Stuck && bubble.clock.alarm().is_some() {
            bubble.log(Log::forget_open_jump);
        }
        let mut evidence = Evidence::of(bubble, settings);
        // Somebody outside may have woken it meanwhile, who is no part of what is at rest; or is about to.
        let may_be_woken = bubble::may_be_woken(bubble);
        let was_woken = root.is_woken();
        match root.look() {
            Ok(chains) => evidence.body = Some(chains),
            Err(ended) if !was_woken && !is_woken_late(root, bubble) => {
                break (ended, vec![Finding::deny(What::LostWakeUp)], evidence.at);
            }
            Err(ended) if matches!(cut, Cut::Stuck | Cut::Starved) => break (ended, Vec::new(), evidence.at),
            Err(_) => {}
        }
        bubble.tasks.ask_for_traces();
        root::settle(bubble).await;
        evidence.look_at_tasks(alive_tasks());
        if cut == Cut::Starved && evidence.is_waiting_for_time() {
            patience = patience.saturating_mul(2);
            bubble.root.allow_idle_jumps(patience);
            continue;
        }
        let at = evidence.at;
        // Frozen, what is due within the alarm's own tick has been woken by it.
        let went_on = !was_woken && (root.is_woken() || bubble.tasks.alive().len() < evidence.tasks.len());
        let went_on = cut == Cut::Stuck && evidence.frozen_at().is_none() && went_on;
        if went_on && !may_be_woken {
            break (ended, vec![Finding::deny(What::LostWakeUp)], at);
        }
        // While others go on, it is the real limit at which a test is cut that only waits.
        let cut = if went_on { Cut::WallLimit } else { cut };
        let finding = Finding::deny(What::Cut(cut, Box::new(evidence)));
        // Another test may have what it waits for.
        if cut == Cut::Starved {
            bubble.clock.starve();
            starved = Some((bubble.root.polls(), finding, at));
            continue;
        }
        break (ended, vec![finding], at);
    };
    let outcome = match ended {
        Ended::Finished(output) => Outcome::Finished(output),
        Ended::Panicked(payload) => Outcome::Panicked(payload),
        Ended::Cut(_) => Outcome::Cut,
    };
    (outcome, findings, at)
}

/// Whether the body is woken after all, by others who are about to: they make ready what it waits for, and wake it then.
fn is_woken_late<F: Future>(root: &Root<F>, bubble: &Bubble) -> bool {
    for _ in 0..LATE {
        if root.is_woken() || !bubble::may_be_woken(bubble) {
            break;
        }
        bubble::pause();
    }
    root.is_woken()
}

/// Waits until what the body left behind has come to rest, and counts the tasks that live on.
async fn at_rest(settings: &Settings, bubble: &Bubble) -> usize {
    if bubble.clock.is_virtual() {
        root::settle(bubble).await;
    } else if settings.leaks != Level::Allow {
        let gone = async {
            while alive_tasks() > 0 {
                tokio::task::yield_now().await;
            }
        };
        // Whether they end in time is the verdict itself, so the answer is not needed here.
        let _ = tokio::time::timeout(LAST_JOBS, gone).await;
    }
    alive_tasks()
}

fn alive_tasks() -> usize {
    Handle::current().metrics().num_alive_tasks()
}

/// A runtime of either flavor.
enum Flavored {
    Local(LocalRuntime),
    Multi(Runtime),
}

impl Flavored {
    fn build(settings: &Settings, bubble: &Arc<Bubble>) -> Self {
        let mut builder = match settings.flavor {
            Flavor::CurrentThread => runtime::Builder::new_current_thread(),
            Flavor::MultiThread => runtime::Builder::new_multi_thread(),
        };
        if let Some(name) = &settings.name {
            builder.name(name);
        }
        if let Some(count) = settings.worker_threads {
            builder.worker_threads(count);
        }
        let runtime = match (&bubble.clock, settings.flavor) {
            (Clock::Portable(clock), _) => clock.runtime(builder, bubble.clock_moves()).map(Self::Local),
            (_, Flavor::CurrentThread) => {
                builder.enable_all().thread_keep_alive(FOR_EVER);
                builder.build_local(runtime::LocalOptions::default()).map(Self::Local)
            }
            (_, Flavor::MultiThread) => builder.enable_all().thread_keep_alive(FOR_EVER).build().map(Self::Multi),
        };
        let runtime = runtime.unwrap_or_else(|error| panic!("tokio could not build a runtime: {error}"));
        #[cfg(seam)]
        if let Clock::Virtual(clock) = &bubble.clock {
            runtime.block_on(clock.adopt(bubble.clock_moves()));
        }
        runtime
    }

    fn handle(&self) -> &Handle {
        match self {
            Self::Local(runtime) => runtime.handle(),
            Self::Multi(runtime) => runtime.handle(),
        }
    }

    fn block_on<F: Future>(&self, future: F) -> F::Output {
        match self {
            Self::Local(runtime) => runtime.block_on(future),
            Self::Multi(runtime) => runtime.block_on(future),
        }
    }

    fn shutdown(self) {
        match self {
            Self::Local(runtime) => runtime.shutdown_timeout(LAST_JOBS),
            Self::Multi(runtime) => runtime.shutdown_timeout(LAST_JOBS),
        }
    }
}
