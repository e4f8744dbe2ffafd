use std::time::Duration;

use super::{LONGEST_ANSWER, LOOK_AGAIN, LOOK_FOR_SERVERS};
use crate::os;

/// The processes that a bubble has started.
///
/// The clock waits for one while it is young. One that listens is a server, whose work is told by the requests to it. But it may
/// not be ready yet, so for as long as it is young, the clock goes on no faster than the real one.
#[derive(Default)]
pub(super) struct Children {
    young: Vec<Child>,
    /// Those that have lived on for long.
    old: Vec<i32>,
    /// When, in real time, it was last asked who listens.
    asked_at: u64,
    awaited: Option<Awaited>,
}

struct Child {
    process: i32,
    /// When it was started, in real time.
    start: u64,
    does_listen: bool,
}

/// A deadline that is waited for at real speed.
struct Awaited {
    /// Where the clock stands meanwhile.
    from: u64,
    until: u64,
    /// Since when, in real time.
    since: u64,
}

impl Children {
    pub(super) fn add(&mut self, process: i32) {
        self.young.push(Child { process, start: os::real_monotonic(), does_listen: false });
    }

    pub(super) fn are_any_young(&self) -> bool {
        !self.young.is_empty()
    }

    /// Looks who has grown old or has ended, and says whether a young one has.
    pub(super) fn look(&mut self) -> bool {
        if self.young.is_empty() {
            return false;
        }
        let now = os::real_monotonic();
        let before = self.young.len();
        let old = self.young.extract_if(.., |child| now.saturating_sub(child.start) >= LONGEST_ANSWER);
        self.old.extend(old.map(|child| child.process));
        self.young.retain(|child| os::is_alive(child.process));
        self.young.len() < before
    }

    /// Whether there is one, still young, that is no server as far as is known.
    pub(super) fn are_any_at_work(&mut self) -> bool {
        let is_at_work = |child: &Child| !child.does_listen;
        if !self.young.iter().any(is_at_work) {
            return false;
        }
        let now = os::real_monotonic();
        if now.saturating_sub(self.asked_at) >= LOOK_FOR_SERVERS {
            for child in self.young.iter_mut().filter(|child| is_at_work(child)) {
                child.does_listen = os::does_listen(child.process);
            }
            self.asked_at = now;
        }
        self.young.iter().any(is_at_work)
    }

    /// How long a move of the clock is to wait for real time, while one is young.
    pub(super) fn slow_down(&mut self, from: u64, until: Option<u64>) -> Option<Duration> {
        let Some(until) = until else { return Some(LOOK_AGAIN) };
        let now = os::real_monotonic();
        let is_same = |awaited: &Awaited| (awaited.from, awaited.until) == (from, until);
        if !self.awaited.as_ref().is_some_and(is_same) {
            self.awaited = Some(Awaited { from, until, since: now });
        }
        self.awaited.as_ref()?.left(now).map(|left| left.min(LOOK_AGAIN))
    }

    /// Those that live.
    pub(super) fn living(&mut self) -> Vec<i32> {
        self.old.retain(|process| os::is_alive(*process));
        self.young.iter().map(|child| child.process).chain(self.old.iter().copied()).collect()
    }
}

impl Awaited {
    /// How much of the time is left.
    fn left(&self, now: u64) -> Option<Duration> {
        let passed = now.saturating_sub(self.since);
        let left = self.until.saturating_sub(self.from).saturating_sub(passed);
        (left > 0).then(|| Duration::from_nanos(left))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_is_waited_for_as_long_as_it_is_away() {
        let awaited = Awaited { from: 500, until: 700, since: 10_000 };

        assert_eq!(awaited.left(10_000), Some(Duration::from_nanos(200)));
        assert_eq!(awaited.left(10_199), Some(Duration::from_nanos(1)));
        assert_eq!(awaited.left(10_200), None);
        assert_eq!(awaited.left(20_000), None);
    }
}
