use std::panic::Location;
use std::time::{Duration, SystemTime};

use super::choices::{Flavor, Random, Time, UnhandledPanic};
use super::run::here;
use super::runs::Runs;
use super::settings::Settings;
use super::{Failure, Level};
use crate::blocking::{Policy, Seeker};

/// Runs bodies in bubbles, with the options that [`async_test`](macro@crate::async_test) takes, but for `seeds` and
/// `check_determinism`, which run a test several times.
///
/// What is not set comes from the environment (see [the table](macro@crate::async_test#options)), and then from the defaults.
///
/// # Examples
///
/// ```
/// use standstill::{Builder, Level, prelude::*};
///
/// let answer = Builder::new()
///     .timeout(1.hours())
///     .leaks(Level::Deny)
///     .run(async || {
///         tokio::time::sleep(59.mins()).await;
///         42
///     });
///
/// assert_eq!(answer, 42);
/// ```
#[derive(Clone, Debug, Default)]
#[must_use = "a builder does nothing until `run` or `try_run`"]
pub struct Builder {
    pub(super) flavor: Flavor,
    pub(super) worker_threads: Option<usize>,
    pub(super) name: Option<String>,
    pub(super) unhandled_panic: UnhandledPanic,
    pub(super) time: Option<Time>,
    pub(super) start_time: Option<SystemTime>,
    pub(super) timeout: Option<Duration>,
    pub(super) wall_timeout: Option<Duration>,
    pub(super) leaks: Option<Level>,
    pub(super) task_panics: Option<Level>,
    pub(super) never_polled: Option<Level>,
    pub(super) blocking: Option<Policy>,
    pub(super) poll_budget: Option<Duration>,
    pub(super) stuck_after: Option<u64>,
    pub(super) start_paused: bool,
    pub(super) seed: Option<u64>,
    pub(super) random: Random,
}

impl Builder {
    /// Creates a builder with every option left to the environment and the defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets tokio's scheduler. The default is [`Flavor::CurrentThread`].
    ///
    /// # Examples
    ///
    /// ```
    /// use standstill::{Builder, Flavor, os, prelude::*};
    ///
    /// # if !os::support().is_active() { return; }
    /// let elapsed = Builder::new().flavor(Flavor::MultiThread).worker_threads(2).run(async || {
    ///     tokio::spawn(tokio::time::sleep(1.hours())).await.unwrap();
    ///     standstill::clock::elapsed()
    /// });
    ///
    /// assert_eq!(elapsed, 1.hours());
    /// ```
    pub fn flavor(mut self, flavor: Flavor) -> Self {
        self.flavor = flavor;
        self
    }

    /// Sets how many worker threads [`Flavor::MultiThread`] has. The default is tokio's.
    pub fn worker_threads(mut self, count: usize) -> Self {
        self.worker_threads = Some(count);
        self
    }

    /// Sets whether tokio's own clock starts paused, for code that calls `tokio::time::advance`, which tokio allows only then.
    ///
    /// Such a test is on tokio's clock: of all that is virtual otherwise, only `tokio::time` is.
    ///
    /// # Examples
    ///
    /// ```
    /// use standstill::{Builder, prelude::*};
    /// use tokio::time::{Instant, advance};
    ///
    /// Builder::new().start_paused(true).run(async || {
    ///     let start = Instant::now();
    ///     advance(5.secs()).await;
    ///     assert_eq!(start.elapsed(), 5.secs());
    /// });
    /// ```
    pub fn start_paused(mut self, paused: bool) -> Self {
        self.start_paused = paused;
        self
    }

    /// Sets the seed of the random bytes that the body gets from the system. The default is a hash of the place of the call.
    ///
    /// It needs all of the test in virtual time (see [`os::support`](crate::os::support)). The environment variable `STANDSTILL_SEED`
    /// overrides it. With [`run`](Self::run) the body is on the calling thread, and what that has made of its randomness before,
    /// the keys of `HashMap`s or the thread's `rand` generator, is older than the seed.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::collections::HashSet;
    /// use std::thread;
    ///
    /// use standstill::{Builder, os};
    ///
    /// let order = || Builder::new().seed(42).run(async || Vec::from_iter(HashSet::from([1, 2, 3, 4, 5, 6, 7, 8])));
    ///
    /// # if os::support().is_active() {
    /// assert_eq!(thread::spawn(order).join().unwrap(), thread::spawn(order).join().unwrap());
    /// # }
    /// ```
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Sets where random bytes come from. The default is [`Random::Seeded`]; with [`Random::Real`] a seed has no effect.
    pub fn random(mut self, random: Random) -> Self {
        self.random = random;
        self
    }

    /// Names tokio's runtime.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Sets whether the first panic of a task ends the test at once.
    pub fn unhandled_panic(mut self, unhandled_panic: UnhandledPanic) -> Self {
        self.unhandled_panic = unhandled_panic;
        self
    }

    /// Sets the clock. The default is [`Time::Virtual`].
    ///
    /// # Examples
    ///
    /// ```
    /// use standstill::{Builder, Time, clock, prelude::*};
    ///
    /// Builder::new().time(Time::Real).run(async || {
    ///     let start = clock::real();
    ///     tokio::time::sleep(2.millis()).await;
    ///     assert!(clock::real() - start >= 2.millis());
    /// });
    /// ```
    pub fn time(mut self, time: Time) -> Self {
        self.time = Some(time);
        self
    }

    /// Sets what `SystemTime::now()` says at the start of the test, from 1970 to 2499. The default is the real time.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::{Duration, SystemTime};
    /// use standstill::{Builder, os, prelude::*};
    ///
    /// # if !os::support().is_active() { return; }
    /// let new_year = SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_225_600);
    ///
    /// Builder::new().start_time(new_year - 1.secs()).run(async || {
    ///     tokio::time::sleep(1.secs()).await;
    ///     assert_eq!(SystemTime::now(), new_year);
    /// });
    /// ```
    pub fn start_time(mut self, time: SystemTime) -> Self {
        self.start_time = Some(time);
        self
    }

    /// Sets the most time a test may take on its own clock, which is virtual unless [`Time::Real`] is set. There is no default.
    ///
    /// # Examples
    ///
    /// ```
    /// use standstill::{Builder, Kind, prelude::*};
    ///
    /// let failure = Builder::new().timeout(1.mins()).try_run(async || tokio::time::sleep(1.hours()).await).unwrap_err();
    ///
    /// assert_eq!(failure.kind(), Kind::VirtualLimit);
    /// ```
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = Some(limit);
        self
    }

    /// Sets the most real time a test may take. The default is 60 seconds; under a debugger it does not apply.
    pub fn wall_timeout(mut self, limit: Duration) -> Self {
        self.wall_timeout = Some(limit);
        self
    }

    /// Sets what a task does to the test that is still alive at its end. The default is [`Level::Allow`].
    ///
    /// # Examples
    ///
    /// ```
    /// use std::future::pending;
    /// use standstill::{Builder, Kind, Level};
    ///
    /// let failure = Builder::new().leaks(Level::Deny).try_run(async || drop(tokio::spawn(pending::<()>()))).unwrap_err();
    ///
    /// assert_eq!(failure.kind(), Kind::Leak);
    /// ```
    pub fn leaks(mut self, level: Level) -> Self {
        self.leaks = Some(level);
        self
    }

    /// Sets what a panic in a task does to the test. The default is [`Level::Deny`].
    ///
    /// # Examples
    ///
    /// ```
    /// use standstill::{Builder, Level};
    ///
    /// Builder::new().task_panics(Level::Allow).run(async || {
    ///     let task = tokio::spawn(async { panic!("meant") });
    ///     assert!(task.await.unwrap_err().is_panic());
    /// });
    /// ```
    pub fn task_panics(mut self, level: Level) -> Self {
        self.task_panics = Some(level);
        self
    }

    /// Sets what a call of a mock that was dropped unpolled does to the test. The default is [`Level::Warn`].
    pub fn never_polled(mut self, level: Level) -> Self {
        self.never_polled = Some(level);
        self
    }

    /// Sets what calls that block the thread inside a poll do to the test: see [`Policy`].
    ///
    /// What it leaves open is as `STANDSTILL_BLOCKING` says, or else the default.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::{thread, time::Duration};
    ///
    /// use standstill::blocking::Policy;
    /// use standstill::{Builder, Kind, Level};
    ///
    /// let sleepy = async || thread::sleep(Duration::from_secs(1));
    ///
    /// Builder::new().blocking(Policy::all(Level::Allow)).run(sleepy);
    /// # if standstill::blocking::support().is_ok() {
    /// let failure = Builder::new().try_run(sleepy).unwrap_err();
    /// assert_eq!(failure.kind(), Kind::Blocking);
    /// # }
    /// ```
    ///
    /// # Panics
    ///
    /// The run panics where blocking calls cannot be found, unless the policy allows all: see
    /// [`blocking::support`](crate::blocking::support).
    pub fn blocking(mut self, policy: Policy) -> Self {
        self.blocking = Some(policy);
        self
    }

    /// Sets how much CPU time of its thread a poll may take before it is a finding of the category
    /// [`Cpu`](crate::blocking::Category::Cpu). The default is 100 ms.
    ///
    /// It is real time, but only what the thread had a processor for: a loaded machine makes no difference, a debug build does.
    /// Where that category is allowed, or not all of the test is in virtual time, nobody looks.
    ///
    /// # Examples
    ///
    /// ```
    /// use standstill::{Builder, prelude::*};
    ///
    /// let sum = Builder::new().poll_budget(1.secs()).run(async || (1..=1_000_u64).sum::<u64>());
    ///
    /// assert_eq!(sum, 500_500);
    /// ```
    pub fn poll_budget(mut self, cpu_time: Duration) -> Self {
        self.poll_budget = Some(cpu_time);
        self
    }

    /// Sets after how many jumps of the clock a body that was not polled meanwhile counts as starved.
    /// The default is 1,000,000.
    pub fn stuck_after(mut self, jumps: u64) -> Self {
        self.stuck_after = Some(jumps);
        self
    }

    /// Runs a body in a bubble of its own, on the calling thread, and gives its result.
    ///
    /// # Panics
    ///
    /// Panics if the body does (with its payload), if there is a finding at level deny (after its report was printed),
    /// if an environment variable cannot be read, if options contradict each other or one of them has no effect here, or inside
    /// another runtime.
    #[track_caller]
    pub fn run<T>(self, body: impl AsyncFnOnce() -> T) -> T {
        match self.try_run(body) {
            Ok(output) => output,
            Err(failure) => failure.raise(),
        }
    }

    /// Runs a body as [`run`](Self::run) does, and gives a failure as a value instead of raising it.
    ///
    /// # Errors
    ///
    /// Gives the failure if the body panicked or there is a finding at level deny.
    ///
    /// # Panics
    ///
    /// Panics if an environment variable cannot be read, if options contradict each other or one of them has no effect here, or
    /// inside another runtime.
    ///
    /// # Examples
    ///
    /// ```
    /// use standstill::{Builder, Kind};
    ///
    /// let failure = Builder::new()
    ///     .try_run(async || std::future::pending::<()>().await)
    ///     .unwrap_err();
    ///
    /// assert_eq!(failure.kind(), Kind::Stuck);
    /// assert!(failure.to_string().starts_with("standstill: stuck at 0.000 s"));
    /// ```
    #[track_caller]
    pub fn try_run<T>(self, body: impl AsyncFnOnce() -> T) -> Result<T, Failure> {
        let caller = Location::caller();
        let origin = format!("{}:{}", caller.file(), caller.line());
        here(&Settings::new(self, Runs::once(), &origin, Seeker::Run), body)
    }
}

/// Runs a body in a bubble of its own, on the calling thread, and gives its result.
///
/// For places that an attribute does not reach: `proptest!`, benches, doc tests, plain `#[test]`s. The body may borrow
/// its surroundings and need not be `Send`. Past the wall limit, a body that blocks its thread cannot be interrupted there,
/// so the process ends, with a report.
///
/// # Panics
///
/// Panics as [`Builder::run`] does.
///
/// # Examples
///
/// ```
/// use standstill::prelude::*;
///
/// let started = std::time::Instant::now();
///
/// let slept = standstill::run(async || {
///     tokio::time::sleep(1.hours()).await;
///     standstill::clock::elapsed()
/// });
///
/// assert_eq!(slept, 1.hours());
/// assert!(started.elapsed() < 1.mins());
/// ```
#[track_caller]
pub fn run<T>(body: impl AsyncFnOnce() -> T) -> T {
    Builder::new().run(body)
}
