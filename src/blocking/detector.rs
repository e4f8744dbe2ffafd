use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::runtime::{self, Handle};

#[cfg(seam)]
use super::dog::Dog;
use super::finding::Findings;
use super::report::{UNUSED_RULE_ADVICE, unused_rule};
#[cfg(seam)]
use super::{Category, POLL_BUDGET};
use super::{Finding, Policy, Seeker, check_mode, support};
use crate::Level;
use crate::bubble::{self, Blocked, lock, say};
use crate::harness::{completed, warn_of_detector};

/// The detectors by their runtimes; a runtime's id has no order, so it is searched.
static WATCHED: Mutex<Vec<(runtime::Id, Arc<Blocked>)>> = Mutex::new(Vec::new());

/// Finds blocking calls inside the polls of any tokio runtime: under `#[tokio::test]`, or one that you build.
///
/// Time is the real one there. When dropped it panics with the report of what its policy denies, and says what that warns of in a line on
/// standard error, unless [`findings`](Watch::findings) or [`on_finding`](Detector::on_finding) takes them. Each way it
/// panics for a rule of the policy that met no call, and for a baseline that cannot be used. If two watch one runtime, the latest finds. Polls that compute (`cpu`) are found while they do, by a
/// thread of its own: those of a worker of several threads, and on other threads those after a first wait in the runtime, a look at the
/// clock, or a call that is judged. So if the watch begins outside of a `block_on` ([`watch_runtime`](Detector::watch_runtime)), a first
/// poll there that only computes is missed; what it calls is not. Nor are calls seen that a crate makes past libc, as `rustix` does.
///
/// # Examples
///
/// ```
/// use std::{thread, time::Duration};
///
/// use standstill::blocking::Detector;
///
/// #[tokio::main(flavor = "current_thread")]
/// async fn main() {
///     # if !standstill::os::support().is_active() { return; }
///     let detector = Detector::new().watch();
///     thread::sleep(Duration::from_millis(1));
///
///     let findings = detector.findings();
///     assert_eq!(findings[0].call(), "std::thread::sleep");
/// }
/// ```
#[derive(Default)]
#[must_use = "a detector does nothing until it watches"]
pub struct Detector {
    policy: Policy,
    poll_budget: Option<Duration>,
    on_finding: Option<OnFinding>,
}

type OnFinding = Box<dyn FnMut(&Finding) + Send>;

impl Detector {
    /// Makes one with the default policy.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets what is denied, and what only warns or is allowed. What it leaves open is as `STANDSTILL_BLOCKING` says, or else the default.
    pub fn policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    /// Sets how much CPU time one poll may take; 100 ms unless set. Its thread's own time counts, so that a loaded machine makes no
    /// difference. A poll is found once it has taken twice as much.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use standstill::blocking::Detector;
    ///
    /// #[tokio::main(flavor = "current_thread")]
    /// async fn main() {
    ///     # if !standstill::os::support().is_active() { return; }
    ///     let detector = Detector::new().poll_budget(Duration::from_secs(1)).watch();
    ///     assert_eq!((1..=1_000_u64).sum::<u64>(), 500_500);
    ///
    ///     assert!(detector.findings().is_empty());
    /// }
    /// ```
    pub fn poll_budget(mut self, cpu_time: Duration) -> Self {
        self.poll_budget = Some(cpu_time);
        self
    }

    /// Has a function called for each finding, when the findings are taken or the watch ends; then it does not panic for them.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::mpsc;
    /// use std::{thread, time::Duration};
    ///
    /// use standstill::blocking::Detector;
    ///
    /// #[tokio::main(flavor = "current_thread")]
    /// async fn main() {
    ///     # if !standstill::os::support().is_active() { return; }
    ///     let (tell, told) = mpsc::channel();
    ///     let watch = Detector::new().on_finding(move |finding| tell.send(finding.category().to_string()).unwrap()).watch();
    ///     thread::sleep(Duration::from_millis(1));
    ///     drop(watch);
    ///
    ///     assert_eq!(told.recv().unwrap(), "sleeps");
    /// }
    /// ```
    pub fn on_finding(mut self, call: impl FnMut(&Finding) + Send + 'static) -> Self {
        self.on_finding = Some(Box::new(call));
        self
    }

    /// Watches the current runtime.
    ///
    /// # Panics
    ///
    /// Panics outside a tokio runtime, and as [`watch_runtime`](Detector::watch_runtime) does.
    #[track_caller]
    pub fn watch(self) -> Watch {
        let Ok(runtime) = Handle::try_current() else {
            panic!("Detector::watch needs a tokio runtime: call it inside one, or give it by Detector::watch_runtime");
        };
        self.watch_runtime(&runtime)
    }

    /// Watches a runtime.
    ///
    /// # Panics
    ///
    /// Panics where libc's calls cannot be seen; and inside a bubble, such as a test under [`#[async_test]`](crate::async_test), which
    /// finds what blocks by its own policy.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::{thread, time::Duration};
    ///
    /// use standstill::blocking::Detector;
    /// use tokio::runtime::Builder;
    ///
    /// # if !standstill::os::support().is_active() { return; }
    /// let runtime = Builder::new_current_thread().build().unwrap();
    /// let watch = Detector::new().watch_runtime(runtime.handle());
    /// runtime.block_on(async { thread::sleep(Duration::from_millis(1)) });
    ///
    /// assert_eq!(watch.findings().len(), 1);
    /// ```
    #[track_caller]
    pub fn watch_runtime(mut self, runtime: &Handle) -> Watch {
        if let Err(why) = support() {
            panic!("blocking calls cannot be found here: {why}");
        }
        assert!(
            bubble::current().is_none(),
            "a detector would find nothing here, for this test finds what blocks by itself: leave it out, and say what is allowed \
             by #[async_test(blocking(..))] or Builder::blocking"
        );
        check_mode();
        self.policy = completed(self.policy);
        let seen = Watched::new(runtime.id());
        Watch {
            #[cfg(seam)]
            dog: (self.policy.level_of(Category::Cpu) > Level::Allow)
                .then(|| Dog::new(runtime.id(), Arc::clone(&seen.blocked), self.poll_budget.unwrap_or(POLL_BUDGET))),
            seen,
            detector: self,
            is_taken: false,
        }
    }
}

/// A runtime that is watched, until dropped. See [`Detector`].
#[must_use = "it watches until it is dropped: bind it to a name"]
pub struct Watch {
    #[cfg(seam)]
    dog: Option<Dog>,
    seen: Watched,
    detector: Detector,
    is_taken: bool,
}

impl Watch {
    /// Takes what was found so far, in the order in which it was first seen.
    ///
    /// # Panics
    ///
    /// Panics if a rule of the policy met no call, or the baseline could not be used.
    #[track_caller]
    pub fn findings(mut self) -> Vec<Finding> {
        self.is_taken = true;
        let Findings { all: findings, unused, fault } = self.take();
        raise(&fault.into_iter().chain(rules(&unused)).collect::<Vec<_>>());
        findings
    }

    fn take(&mut self) -> Findings {
        #[cfg(seam)]
        drop(self.dog.take());
        let findings = Findings::new(self.seen.blocked.take(), &self.detector.policy, Seeker::Detector);
        if let Some(call) = &mut self.detector.on_finding {
            findings.all.iter().for_each(call);
        }
        findings
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if self.is_taken {
            return;
        }
        let is_heard = self.detector.on_finding.is_some();
        let Findings { all: findings, unused, fault } = self.take();
        if !is_heard {
            warn_of_detector(&findings);
        }
        let denied = findings.iter().filter(|finding| !is_heard && finding.level() == Level::Deny);
        let denied = denied.map(Finding::to_string);
        raise(&fault.into_iter().chain(denied).chain(rules(&unused)).collect::<Vec<_>>());
    }
}

/// Says of rules that they met no call.
fn rules(unused: &[String]) -> impl Iterator<Item = String> {
    unused.iter().map(|rule| format!("{}\n{UNUSED_RULE_ADVICE}", unused_rule(rule)))
}

/// Panics with what there is to say, if anything; a panic that is under way goes on.
#[track_caller]
fn raise(parts: &[String]) {
    let report = parts.join("\n\nalso: ");
    match (report.is_empty(), std::thread::panicking()) {
        (true, _) => {}
        (false, true) => say(&format!("standstill: {report}\n")),
        (false, false) => panic!("standstill: {report}"),
    }
}

impl fmt::Debug for Detector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { policy, poll_budget, on_finding: _ } = self;
        f.debug_struct("Detector").field("policy", policy).field("poll_budget", poll_budget).finish_non_exhaustive()
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch").field("detector", &self.detector).finish_non_exhaustive()
    }
}

/// A runtime whose blocking calls are noted.
pub(super) struct Watched {
    runtime: runtime::Id,
    pub(super) blocked: Arc<Blocked>,
    #[cfg(seam)]
    _overhearing: super::Overhearing,
}

impl Watched {
    pub(super) fn new(runtime: runtime::Id) -> Self {
        let blocked = Arc::new(Blocked::default());
        lock(&WATCHED).push((runtime, Arc::clone(&blocked)));
        Self {
            runtime,
            blocked,
            #[cfg(seam)]
            _overhearing: super::Overhearing::begin(),
        }
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        lock(&WATCHED).retain(|(runtime, blocked)| *runtime != self.runtime || !Arc::ptr_eq(blocked, &self.blocked));
    }
}

/// Whoever watches the runtime that the calling code runs in, the latest if there are several.
#[cfg(seam)]
pub(super) fn current() -> Option<Arc<Blocked>> {
    let runtime = Handle::try_current().ok()?.id();
    let watched = lock(&WATCHED);
    watched.iter().rev().find(|(watched, _)| *watched == runtime).map(|(_, blocked)| Arc::clone(blocked))
}
