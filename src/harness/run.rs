use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::{self, Handle, LocalRuntime, Runtime};

use super::ending::{self, Ending};
use super::evidence::Evidence;
use super::finding::{self, Finding, What};
use super::root::{self, Body, Root, alive_tasks};
use super::settings::{ClockKind, Settings};
use super::verdict::{Outcome, Verdict};
use super::{Failure, Flavor, Level, wall, warn};
#[cfg(seam)]
use crate::blocking::Overhearing;
#[cfg(seam)]
use crate::bubble::Virtual;
use crate::bubble::{self, Bubble, Clock, Entered, Portable, Real};

/// How long, in real time, the end of a test waits for blocking jobs that are still running.
const LAST_JOBS: Duration = Duration::from_secs(1);

/// An idle blocking thread is no deadline of the test.
const FOR_EVER: Duration = Duration::MAX;

/// Runs a body on the calling thread.
#[track_caller]
pub(super) fn here<T>(settings: &Settings, body: impl AsyncFnOnce() -> T) -> Result<T, Failure> {
    let bubble = open(settings);
    let watched = wall::watch(&bubble, settings);
    let verdict = conduct(settings, &bubble, root::body(body));
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
pub(super) fn conduct<T>(settings: &Settings, bubble: &Arc<Bubble>, body: Body<'_, T>) -> Verdict<T> {
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
        let mut root = Root::new(Arc::clone(bubble), body, settings.timeout);
        let Ending { ended, mut findings, at } = ending::reach(&mut root, settings, bubble).await;
        bubble.root.note_body_over();
        let outcome = Outcome::from(ended);
        if let Err(payload) = root.drop_body() {
            findings.push(Finding::deny(What::DropPanic(super::failure::text(&*payload))));
        }
        let alive = at_rest(settings, bubble).await;
        findings.extend(restless(settings, bubble));
        (outcome, findings, at, alive)
    });
    if !matches!(outcome, Outcome::Cut) {
        findings.extend(finding::leaks(bubble, settings, alive));
    }
    #[cfg(seam)]
    if let Clock::Virtual(clock) = &bubble.clock {
        let shared = clock.shared_threads().into_iter().map(What::SharedThread);
        findings.extend(shared.map(|what| Finding { level: Level::Warn, what }));
        if matches!(outcome, Outcome::Cut) {
            let elsewhere = clock.timers_elsewhere().into_iter().map(What::TimerElsewhere);
            findings.extend(elsewhere.map(|what| Finding { level: Level::Allow, what }));
        }
        clock.part();
    }
    // What is alive is asked before the runtime drops it, which would cancel its calls.
    bubble.mocks.ask();
    // No time passes while something runs that does not come to rest.
    runtime.shutdown(if bubble.root.is_hurried() { Duration::ZERO } else { LAST_JOBS });
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

/// Waits until what the body left behind has come to rest, and counts the tasks that live on.
async fn at_rest(settings: &Settings, bubble: &Bubble) -> usize {
    if bubble.clock.is_virtual() {
        root::settle(bubble, bubble::Root::is_past_limit).await;
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

/// What there is to say if the real limit came before all was at rest.
fn restless(settings: &Settings, bubble: &Bubble) -> Option<Finding> {
    let cut = bubble.root.is_past_limit().then(|| bubble.root.take_cut())??;
    bubble.root.hurry();
    let evidence = Evidence { is_over: true, ..Evidence::of(bubble, settings) };
    Some(Finding::deny(What::Cut(cut, Box::new(evidence))))
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

    fn shutdown(self, patience: Duration) {
        match self {
            Self::Local(runtime) => runtime.shutdown_timeout(patience),
            Self::Multi(runtime) => runtime.shutdown_timeout(patience),
        }
    }
}
