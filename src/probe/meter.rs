use std::fmt::Write;
use std::ops::RangeBounds;
use std::sync::Arc;
use std::time::Duration;

use super::window::fullest;
use crate::bubble::{self, Bubble, Event, Seconds};
use crate::clock::InWords;

/// Measures when something happens, and how often: the proof of a rate limiter.
///
/// [`tick`](Self::tick) at each event, or build one from instants that come from elsewhere (`collect`). Clones count together.
/// Instants are virtual, from the start of the test.
///
/// # Examples
///
/// ```
/// use standstill::{prelude::*, probe::Meter};
///
/// standstill::run(async || {
///     let calls = Meter::new();
///     for _ in 0..5 {
///         calls.tick();
///         tokio::time::sleep(100.millis()).await;
///     }
///
///     calls.assert_at_most(3, 300.millis());
///     calls.assert_spacing(100.millis()..);
///     assert_eq!(calls.peak(1.secs()), 5);
/// });
/// ```
#[derive(Clone, Debug)]
pub struct Meter {
    source: Source,
}

#[derive(Clone)]
enum Source {
    /// Ticks in the bubble's log.
    Log { bubble: Arc<Bubble>, meter: u64 },
    /// Sorted.
    List(Arc<[Duration]>),
}

impl Meter {
    /// Creates a meter in the current bubble.
    ///
    /// # Panics
    ///
    /// Panics outside a bubble.
    #[expect(clippy::new_without_default, reason = "it needs a bubble, so it is not made by default")]
    #[track_caller]
    pub fn new() -> Self {
        let bubble = bubble::expect_current("Meter::new");
        let meter = bubble.new_meter();
        Self { source: Source::Log { bubble, meter } }
    }

    /// Notes an event, now.
    ///
    /// # Panics
    ///
    /// Panics on a meter that was built from a list.
    #[track_caller]
    pub fn tick(&self) {
        match &self.source {
            Source::Log { bubble, meter } => bubble.note(Event::Tick { meter: *meter }),
            Source::List(_) => {
                panic!("Meter::tick: this meter was built from a list of instants; Meter::new gives one that ticks")
            }
        }
    }

    /// Lists the instants of all events, in order.
    ///
    /// # Examples
    ///
    /// ```
    /// use standstill::{prelude::*, probe::Meter};
    ///
    /// let calls: Meter = [0, 100, 400].map(u64::millis).into_iter().collect();
    ///
    /// assert_eq!(calls.instants(), [0.millis(), 100.millis(), 400.millis()]);
    /// ```
    pub fn instants(&self) -> Vec<Duration> {
        match &self.source {
            Source::Log { bubble, meter } => bubble.log(|log| {
                let ticks = log.pick(|event| matches!(event, Event::Tick { meter: of } if of == meter).then_some(()));
                ticks.map(|(at, ())| at).collect()
            }),
            Source::List(instants) => instants.to_vec(),
        }
    }

    /// Counts the events.
    pub fn count(&self) -> usize {
        self.instants().len()
    }

    /// Gives the most events that any window of this length holds, wherever it begins.
    ///
    /// A window is half-open: of two events exactly `window` apart, it holds one.
    ///
    /// # Panics
    ///
    /// Panics if `window` is zero.
    ///
    /// # Examples
    ///
    /// ```
    /// use standstill::{prelude::*, probe::Meter};
    ///
    /// let calls: Meter = [0, 100, 400].map(u64::millis).into_iter().collect();
    ///
    /// assert_eq!(calls.peak(200.millis()), 2);
    /// ```
    #[track_caller]
    pub fn peak(&self, window: Duration) -> usize {
        check(window);
        fullest(&self.instants(), window).len()
    }

    /// Lists the time from each event to the next.
    ///
    /// # Examples
    ///
    /// ```
    /// use standstill::{prelude::*, probe::Meter};
    ///
    /// let calls: Meter = [0, 100, 400].map(u64::millis).into_iter().collect();
    ///
    /// assert_eq!(calls.spacing(), [100.millis(), 300.millis()]);
    /// ```
    pub fn spacing(&self) -> Vec<Duration> {
        self.instants().windows(2).map(|pair| pair[1] - pair[0]).collect()
    }

    /// Gives the most events at one and the same instant.
    pub fn burst(&self) -> usize {
        fullest(&self.instants(), Duration::from_nanos(1)).len()
    }

    /// Gives the mean rate, in events a second, from the first event to the last: infinite if they came all at once, and
    /// zero if there are fewer than two.
    pub fn rate(&self) -> f64 {
        let instants = self.instants();
        match (instants.first(), instants.last(), u32::try_from(instants.len())) {
            (Some(first), Some(last), Ok(count @ 2..)) => f64::from(count - 1) / (*last - *first).as_secs_f64(),
            _ => 0.0,
        }
    }

    /// Asserts that no window of this length holds more than `most` events, wherever it begins.
    ///
    /// # Panics
    ///
    /// Panics if one does, and shows it with its events; also if `window` is zero.
    ///
    /// # Examples
    ///
    /// ```
    /// use standstill::{prelude::*, probe::Meter};
    ///
    /// let calls: Meter = [0, 100, 400].map(u64::millis).into_iter().collect();
    ///
    /// calls.assert_at_most(2, 300.millis());
    /// ```
    #[track_caller]
    pub fn assert_at_most(&self, most: usize, window: Duration) {
        check(window);
        let instants = self.instants();
        let events = fullest(&instants, window);
        let (count, total) = (events.len(), instants.len());
        if count <= most {
            return;
        }
        let from = instants[events.start];
        let mut text = format!(
            "expected at most {most} events in any {}, but there are {count} from {} to before {}",
            Seconds(window),
            Seconds(from),
            Seconds(from + window)
        );
        for number in events {
            write!(text, "\n  event {} of {total} at {}", number + 1, Seconds(instants[number])).unwrap();
        }
        panic!("{text}");
    }

    /// Asserts that the time from each event to the next is in `range`.
    ///
    /// # Panics
    ///
    /// Panics if one is not, and shows the first such with its events.
    ///
    /// # Examples
    ///
    /// ```
    /// use standstill::{prelude::*, probe::Meter};
    ///
    /// let calls: Meter = [0, 100, 400].map(u64::millis).into_iter().collect();
    ///
    /// calls.assert_spacing(100.millis()..=300.millis());
    /// ```
    #[track_caller]
    pub fn assert_spacing(&self, range: impl RangeBounds<Duration>) {
        let instants = self.instants();
        let total = instants.len();
        for (number, pair) in instants.windows(2).enumerate() {
            let gap = pair[1] - pair[0];
            assert!(
                range.contains(&gap),
                "expected {} from each event to the next, but {} passed between\n  event {} of {total} at {}\n  event {} of {total} at {}",
                InWords(&range),
                Seconds(gap),
                number + 1,
                Seconds(pair[0]),
                number + 2,
                Seconds(pair[1]),
            );
        }
    }
}

#[track_caller]
fn check(window: Duration) {
    assert!(window > Duration::ZERO, "a window of no length holds no events: give one that is longer than zero");
}

impl FromIterator<Duration> for Meter {
    /// Builds a meter from instants that count from one common start, in any order.
    fn from_iter<I: IntoIterator<Item = Duration>>(instants: I) -> Self {
        let mut instants: Vec<_> = instants.into_iter().collect();
        instants.sort_unstable();
        Self { source: Source::List(instants.into()) }
    }
}

impl FromIterator<tokio::time::Instant> for Meter {
    /// Builds a meter from tokio's instants, in any order; they count from the earliest.
    fn from_iter<I: IntoIterator<Item = tokio::time::Instant>>(instants: I) -> Self {
        let instants: Vec<_> = instants.into_iter().collect();
        let first = instants.iter().min().copied();
        instants.into_iter().filter_map(|instant| Some(instant - first?)).collect()
    }
}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Log { meter, .. } => f.debug_struct("Log").field("meter", meter).finish_non_exhaustive(),
            Self::List(instants) => f.debug_tuple("List").field(instants).finish(),
        }
    }
}
