use std::time::{Duration, SystemTime};

use crate::bubble;

/// The first date that is refused, 2500: what counts nanoseconds since 1970 comes to its end in 2554, and a test goes on from its date.
pub(crate) const TOO_LATE: Duration = Duration::from_hours(4_645_896);

/// Sets what `SystemTime::now()` says on the bubble's threads, as an administrator does: `Instant` and timers do not notice.
///
/// From there it goes on with the bubble's clock. A test starts at the real time unless [`Builder::start_time`](crate::Builder::start_time)
/// says otherwise.
///
/// # Panics
///
/// Panics outside a bubble, where only `tokio::time` is virtual (see [`os::support`](crate::os::support())), and for times
/// before 1970 or after 2499.
///
/// # Examples
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use standstill::{clock, os, prelude::*};
///
/// # if !os::support().is_active() { return; }
/// standstill::run(async || {
///     let leap_day = SystemTime::UNIX_EPOCH + Duration::from_secs(1_709_164_800);
///     clock::set_system(leap_day);
///     tokio::time::sleep(1.hours()).await;
///     assert_eq!(SystemTime::now(), leap_day + 1.hours());
/// });
/// ```
#[track_caller]
pub fn set_system(time: SystemTime) {
    let bubble = bubble::expect_whole("clock::set_system");
    let Ok(since_1970) = time.duration_since(SystemTime::UNIX_EPOCH) else {
        panic!("clock::set_system takes no time before 1970");
    };
    assert!(since_1970 < TOO_LATE, "clock::set_system takes no time after 2499");
    bubble.clock.set_system(since_1970);
}

/// Moves what `SystemTime::now()` says on the bubble's threads, as NTP does when it corrects a clock by a step.
///
/// `Instant` and timers do not notice.
///
/// # Panics
///
/// Panics as [`set_system`] does.
///
/// # Examples
///
/// ```
/// use std::time::{Instant, SystemTime};
/// use standstill::clock::{self, Step};
/// use standstill::{os, prelude::*};
///
/// # if !os::support().is_active() { return; }
/// standstill::run(async || {
///     let (system, instant) = (SystemTime::now(), Instant::now());
///     clock::step_system(Step::Back(2.secs()));
///     assert_eq!(system.duration_since(SystemTime::now()).unwrap(), 2.secs());
///     assert_eq!(Instant::now(), instant);
/// });
/// ```
#[track_caller]
pub fn step_system(step: Step) {
    let bubble = bubble::expect_whole("clock::step_system");
    let now = bubble.clock.system();
    let then = match step {
        Step::Forward(by) => now.saturating_add(by),
        Step::Back(by) => match now.checked_sub(by) {
            Some(then) => then,
            None => panic!("clock::step_system takes no step to before 1970"),
        },
    };
    assert!(then < TOO_LATE, "clock::step_system takes no step to after 2499");
    bubble.clock.set_system(then);
}

/// A correction of the system's clock. See [`step_system`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// To a later time.
    Forward(Duration),
    /// To an earlier time.
    Back(Duration),
}
