use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::panic::Location;
use std::pin::Pin;
use std::sync::{Arc, Mutex, OnceLock, Weak};
use std::task::Poll;
use std::thread::{self, ThreadId};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::sleep;

use super::report::{self, Part, Unused};
use crate::bubble::{self, Complaint, Mocked, lock};
use crate::mock::{Fallible, Home, Inside, Latency, Parting, Run};

/// What mockall's `.returning(..)` is to give, call by call. Clones share the steps and the count.
///
/// Each step is taken when its future is first polled, not when it is made; the time that it takes comes after that.
///
/// **All steps are to be used**, of a [`sequence`](Self::sequence) and of [`after_each`](Self::after_each), unless the script
/// [`may_end_early`](Self::may_end_early): otherwise the test fails at its end, or outside a bubble where the last clone is dropped.
///
/// # Examples
///
/// ```
/// use standstill::{mockall::Script, prelude::*};
///
/// standstill::run(async || {
///     let script = Script::sequence([1, 2]).after(5.secs()).then_repeat_last();
///
///     assert_eq!([script.next().await, script.next().await, script.next().await], [1, 2, 2]);
///     assert_elapsed!(15.secs());
/// });
/// ```
#[must_use = "a script is used by `mock.expect_..().returning(move |..| script.next())`"]
pub struct Script<T> {
    shared: Arc<Shared<T>>,
}

struct Shared<T> {
    place: &'static Location<'static>,
    /// The test in which it was made, or first used.
    home: OnceLock<Home>,
    nowhere: Home,
    /// Where it was made.
    thread: ThreadId,
    pace: Mutex<Pace<T>>,
    /// Apart from the pace, so that a function that answers may ask the script.
    answer: Run<Answer<T>>,
}

struct Pace<T> {
    /// How many steps it has, if it has steps.
    steps: Option<usize>,
    latency: Latency,
    repeats_last: Option<fn(&T) -> T>,
    may_end_early: bool,
    /// How many calls were made.
    made: usize,
    /// How many of them were polled.
    polled: usize,
    /// How many of those found no step.
    refused: usize,
    is_verified: bool,
}

enum Answer<T> {
    Made(Box<dyn FnMut(usize) -> T + Send>),
    Steps(VecDeque<T>),
    Never,
}

/// There is no step left.
struct Exhausted;

impl<T: Send + 'static> Script<T> {
    #[track_caller]
    fn new(answer: Answer<T>) -> Self {
        let steps = match &answer {
            Answer::Steps(rest) => Some(rest.len()),
            Answer::Made(_) | Answer::Never => None,
        };
        let pace = Pace {
            steps,
            latency: Latency::None,
            repeats_last: None,
            may_end_early: false,
            made: 0,
            polled: 0,
            refused: 0,
            is_verified: false,
        };
        let shared = Arc::new(Shared {
            place: Location::caller(),
            home: OnceLock::new(),
            nowhere: Home::nowhere(),
            thread: thread::current().id(),
            pace: Mutex::new(pace),
            answer: Run::new(answer),
        });
        shared.settle();
        Self { shared }
    }

    /// Answers every call with the same value.
    #[track_caller]
    pub fn returns(value: T) -> Self
    where
        T: Clone,
    {
        Self::answers(move |_| value.clone())
    }

    /// Answers each call with the next value; a call beyond the last one panics, see [`then_repeat_last`](Self::then_repeat_last).
    #[track_caller]
    pub fn sequence(values: impl IntoIterator<Item = T>) -> Self {
        Self::new(Answer::Steps(values.into_iter().collect()))
    }

    /// Answers with what a function makes, of the number of the call, from one. It is for what is not `Clone`, as most errors.
    ///
    /// It runs when the call is first polled.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::io;
    ///
    /// use standstill::mockall::Script;
    ///
    /// standstill::run(async || {
    ///     let script: Script<io::Result<usize>> =
    ///         Script::answers(|nth| if nth < 3 { Err(io::ErrorKind::TimedOut.into()) } else { Ok(nth) });
    ///
    ///     assert!(script.next().await.is_err());
    ///     assert!(script.next().await.is_err());
    ///     assert_eq!(script.next().await.unwrap(), 3);
    /// });
    /// ```
    #[track_caller]
    pub fn answers(function: impl FnMut(usize) -> T + Send + 'static) -> Self {
        Self::new(Answer::Made(Box::new(function)))
    }

    /// Answers every call with an error.
    #[track_caller]
    pub fn fails(error: T::Error) -> Self
    where
        T: Fallible,
        T::Error: Clone + Send + 'static,
    {
        Self::answers(move |_| T::failed(error.clone()))
    }

    /// Never answers.
    #[track_caller]
    pub fn pending() -> Self {
        Self::new(Answer::Never)
    }

    /// Has each answer take so long, in virtual time where the test has it.
    pub fn after(self, delay: Duration) -> Self {
        lock(&self.shared.pace).latency = Latency::Same(delay);
        self
    }

    /// Has each answer take the next of these times, which may have no end; a call beyond the last one panics, see
    /// [`then_repeat_last`](Self::then_repeat_last).
    pub fn after_each(self, delays: impl IntoIterator<Item = Duration>) -> Self {
        let latency = Latency::each(delays);
        {
            let mut pace = lock(&self.shared.pace);
            pace.latency = latency;
            if pace.repeats_last.is_some() {
                pace.latency.repeat_last();
            }
        }
        self
    }

    /// Has a `sequence` or `after_each` that is at its end repeat its last step.
    pub fn then_repeat_last(self) -> Self
    where
        T: Clone,
    {
        {
            let mut pace = lock(&self.shared.pace);
            pace.repeats_last = Some(T::clone);
            pace.latency.repeat_last();
        }
        self
    }

    /// Lets the test end before the last step was used.
    ///
    /// # Examples
    ///
    /// ```
    /// use standstill::{Builder, mockall::Script};
    ///
    /// standstill::run(async || {
    ///     let script = Script::sequence([1, 2]).may_end_early();
    ///     assert_eq!(script.next().await, 1);
    /// });
    ///
    /// let failure = Builder::new().try_run(async || Script::sequence([1, 2]).next().await).unwrap_err();
    /// assert!(failure.to_string().contains("has 2 steps, and step 2 was never used"));
    /// ```
    pub fn may_end_early(self) -> Self {
        lock(&self.shared.pace).may_end_early = true;
        self
    }

    /// Makes the future that is one call's answer; it takes its step when it is first polled.
    ///
    /// # Panics
    ///
    /// The future panics if the script has no step for it; and if it is to take time and is awaited outside a tokio runtime.
    pub fn next(&self) -> Pin<Box<dyn Future<Output = T> + Send>> {
        let shared = Arc::clone(&self.shared);
        shared.settle();
        lock(&shared.pace).made += 1;
        Box::pin(async move {
            let (delay, value) = shared.step();
            if delay > Duration::ZERO {
                assert!(
                    Handle::try_current().is_ok(),
                    "a script with `after` waits on tokio's clock: await the call under #[async_test], or inside a tokio runtime"
                );
                sleep(delay).await;
            }
            match value {
                Some(value) => value,
                None => never().await,
            }
        })
    }
}

impl<T> Script<T> {
    /// Says how many calls have taken their step. One that was dropped unpolled has not, nor has one that found none.
    pub fn used(&self) -> usize {
        let pace = lock(&self.shared.pace);
        pace.polled - pace.refused
    }
}

impl<T> Shared<T> {
    /// Takes the next step: how long it takes, and its value if it ever has one.
    fn step(&self) -> (Duration, Option<T>) {
        let (nth, steps, delay, repeats_last) = {
            let mut pace = lock(&self.pace);
            pace.polled += 1;
            (pace.polled, pace.steps, pace.latency.of(pace.polled), pace.repeats_last)
        };
        let exhausted = |steps| report::exhausted(nth, self.place, steps);
        let delay = delay.unwrap_or_else(|delays| self.refuse(&exhausted(delays)));
        match self.answer.enter(|answer| answer.take(nth, repeats_last)) {
            Ok(Ok(value)) => (delay, value),
            Ok(Err(Exhausted)) => self.refuse(&exhausted(steps.unwrap_or_default())),
            Err(Inside) => self.refuse(&report::reentrant(nth, self.place)),
        }
    }

    fn refuse(&self, why: &str) -> ! {
        lock(&self.pace).refused += 1;
        panic!("{why}")
    }

    fn home(&self) -> &Home {
        self.home.get().unwrap_or(&self.nowhere)
    }

    /// Says what is left of it, once.
    fn complaints(&self) -> Vec<Complaint> {
        let mut pace = lock(&self.pace);
        if std::mem::replace(&mut pace.is_verified, true) {
            return Vec::new();
        }
        pace.unused().map(|unused| report::unused(self.place, &unused)).into_iter().collect()
    }
}

impl<T: Send + 'static> Shared<T> {
    /// Has it belong to the test that it is used in.
    fn settle(self: &Arc<Self>) {
        if self.home.get().is_none()
            && let Some(bubble) = bubble::current()
        {
            let script: Weak<dyn Mocked> = Arc::<Self>::downgrade(self);
            self.home.get_or_init(|| Home::new(script, &bubble));
        }
    }
}

impl<T: Send + 'static> Mocked for Shared<T> {
    fn describe(&self, _: u32) -> String {
        report::script(self.place)
    }

    fn verify(&self) -> Vec<Complaint> {
        self.complaints()
    }

    fn owed(&self) -> Vec<String> {
        Vec::new()
    }

    fn awaited(&self) -> Option<String> {
        None
    }
}

impl<T> Drop for Shared<T> {
    fn drop(&mut self) {
        let parting = Parting {
            what: &report::script(self.place),
            instead: "keep a clone of the script in the test",
            is_out_of_sight: tokio::task::try_id().is_some() || self.thread != thread::current().id(),
        };
        parting.say(self.home(), self.complaints());
    }
}

impl<T> Pace<T> {
    /// What was not used, of steps or of delays; a refused call is what there is to say otherwise.
    fn unused(&self) -> Option<Unused> {
        if self.may_end_early || self.refused > 0 {
            return None;
        }
        let steps = self.steps.map(|all| (Part::Step, self.polled.min(all), all));
        let delays = self.latency.steps(self.polled).map(|(used, all)| (Part::Delay, used, all));
        let (part, used, all) = steps.into_iter().chain(delays).find(|(_, used, all)| used < all)?;
        Some(Unused { part, used, all, made: self.made })
    }
}

impl<T> Answer<T> {
    /// Gives what a call gets: a value, or nothing ever.
    fn take(&mut self, nth: usize, repeats_last: Option<fn(&T) -> T>) -> Result<Option<T>, Exhausted> {
        match self {
            Self::Made(function) => Ok(Some(function(nth))),
            Self::Steps(rest) => match (rest.len(), repeats_last) {
                (1, Some(again)) => Ok(Some(again(&rest[0]))),
                _ => rest.pop_front().map(Some).ok_or(Exhausted),
            },
            Self::Never => Ok(None),
        }
    }
}

async fn never<T>() -> T {
    poll_fn(|cx| {
        // Kept for the moment, so that a report can tell where this is awaited.
        drop(cx.waker().clone());
        Poll::Pending
    })
    .await
}

impl<T> Clone for Script<T> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared) }
    }
}

impl<T> fmt::Debug for Script<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Script").field("used", &self.used()).finish_non_exhaustive()
    }
}
