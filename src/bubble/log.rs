use std::fmt;
use std::sync::Weak;
use std::time::Duration;

use super::event::{Did, Entry, Event};
use super::mocks::Mocked;
use super::{Nanos, wheel};

/// Everything that happened in the bubble, in order. It only grows, and every report is a query on it.
pub(crate) struct Log {
    entries: Vec<Entry>,
    /// The mocks whose calls are noted, by number.
    mocks: Vec<Weak<dyn Mocked>>,
    /// How each noted call reads, if the log is to be compared with another when the mocks are gone.
    calls_in_words: Option<Vec<String>>,
    /// The latest jump, until it is known that it went no further.
    open: Option<Open>,
    /// Whether the clock moves only by jumps.
    is_virtual: bool,
}

struct Open {
    from: Nanos,
    to: Nanos,
    /// Whether `to` may be a stop of the wheel on the way to a later timer.
    is_waypoint: bool,
}

impl Log {
    pub(crate) fn new(is_virtual: bool) -> Self {
        Self { entries: Vec::new(), mocks: Vec::new(), calls_in_words: None, open: None, is_virtual }
    }

    pub(crate) fn push(&mut self, at: Duration, event: Event) {
        let at = Nanos::from(at);
        self.reach(at);
        self.entries.push(Entry::Event(at, Box::new(event)));
    }

    /// Gives a mock the number under which its calls are noted.
    pub(crate) fn introduce(&mut self, mock: Weak<dyn Mocked>) -> u32 {
        self.mocks.push(mock);
        u32::try_from(self.mocks.len() - 1).expect("there are fewer mocks than that")
    }

    /// Notes what a call did; where calls are put into words, it gives the entry, for [`say`](Self::say) and its number.
    pub(crate) fn note_call(&mut self, at: Duration, mock: u32, call: u32, did: Did) -> Option<(usize, Line)> {
        let at = Nanos::from(at);
        self.reach(at);
        let entry = Entry::Call { at, mock, call, did };
        let line = self.calls_in_words.is_some().then(|| self.line(&entry));
        self.entries.push(entry);
        let words = self.calls_in_words.as_mut()?;
        words.push(String::new());
        Some((words.len() - 1, line?))
    }

    /// Keeps the words of a noted call.
    pub(crate) fn say(&mut self, number: usize, words: String) {
        if let Some(place) = self.calls_in_words.as_mut().and_then(|all| all.get_mut(number)) {
            *place = words;
        }
    }

    /// The latest instant that is known.
    pub(crate) fn latest(&self) -> Duration {
        self.end().into()
    }

    pub(crate) fn is_virtual(&self) -> bool {
        self.is_virtual
    }

    /// Notes that the clock moved, and says how many jumps are known to be whole by that.
    ///
    /// `quiet` says that nothing is known to have run since it last moved: then it may only go on with that jump.
    pub(crate) fn moved(&mut self, from: Nanos, to: Nanos, quiet: bool) -> u64 {
        let from = from.max(self.end());
        let is_waypoint = wheel::is_waypoint(from, to);
        // A jump that ended where the wheel may only have stopped is known to be whole once something ran there.
        let mut whole = u64::from(!is_waypoint);
        match &mut self.open {
            Some(open) if quiet && open.to == from && open.is_waypoint => {
                open.to = to;
                open.is_waypoint = is_waypoint;
            }
            open => {
                whole += u64::from(open.as_ref().is_some_and(|open| open.is_waypoint));
                self.close_jump();
                self.open = Some(Open { from, to, is_waypoint });
            }
        }
        whole
    }

    /// Takes back a jump that woke nobody but the harness.
    pub(crate) fn forget_open_jump(&mut self) {
        self.open = None;
    }

    /// The instant at which something last happened: not that of a stop on the way.
    pub(crate) fn last_progress(&self) -> Duration {
        let last = match &self.open {
            Some(open) if open.is_waypoint => open.from,
            _ => self.end(),
        };
        last.into()
    }

    /// The latest instant that the log knows of.
    fn end(&self) -> Nanos {
        match (&self.open, self.entries.last()) {
            (Some(open), _) => open.to,
            (None, Some(last)) => last.end(),
            (None, None) => Nanos::new(0),
        }
    }

    /// The last so many entries.
    pub(crate) fn last(&mut self, count: usize) -> Vec<Line> {
        // Such a jump goes no further.
        if self.open.as_ref().is_some_and(|open| !open.is_waypoint) {
            self.close_jump();
        }
        let skipped = self.entries.len().saturating_sub(count);
        self.entries[skipped..].iter().map(|entry| self.line(entry)).collect()
    }

    fn line(&self, entry: &Entry) -> Line {
        let call = match *entry {
            Entry::Call { mock, call, did, .. } => Some((self.mocks[mock as usize].clone(), call, did)),
            _ => None,
        };
        Line { entry: entry.to_string(), call }
    }

    /// Has each call put into words when it is noted, for [`text`](Self::text).
    pub(crate) fn put_calls_in_words(&mut self) {
        self.calls_in_words = Some(Vec::new());
    }

    /// All of it, a line for each entry.
    pub(crate) fn text(&self) -> String {
        let mut calls = self.calls_in_words.iter().flatten();
        let entries = self.entries.iter().map(|entry| match entry {
            Entry::Call { .. } => calls.next().cloned().unwrap_or_default(),
            _ => entry.to_string(),
        });
        let open = self.open.iter().map(|open| open.entry().to_string());
        entries.chain(open).map(|line| line.replace('\n', "\\n") + "\n").collect()
    }

    /// The jumps up to now.
    pub(crate) fn jumps(&mut self, now: Duration) -> Vec<(Duration, Duration)> {
        self.reach(now.into());
        let mut jumps = Vec::new();
        for entry in &self.entries {
            if let Entry::Jumps { from, step, count } = *entry {
                let (mut from, step) = (Duration::from(from), Duration::from(step));
                for _ in 0..count {
                    jumps.push((from, from + step));
                    from += step;
                }
            }
        }
        jumps
    }

    /// The events of which `pick` gives something, with their instants.
    pub(crate) fn pick<T>(&self, pick: impl Fn(&Event) -> Option<T>) -> impl Iterator<Item = (Duration, T)> {
        self.entries.iter().filter_map(move |entry| match entry {
            Entry::Event(at, event) => Some(((*at).into(), pick(event)?)),
            Entry::Jumps { .. } | Entry::Call { .. } => None,
        })
    }

    /// Ends the latest jump, and adds one if the clock was moved by hand since, by `tokio::time::advance`.
    fn reach(&mut self, now: Nanos) {
        self.close_jump();
        let known = self.end();
        if self.is_virtual && now > known {
            self.entries.push(Entry::Jumps { from: known, step: now.minus(known), count: 1 });
        }
    }

    /// Equal jumps in a row share an entry: a year of a heartbeat is one line.
    fn close_jump(&mut self) {
        let Some(open) = self.open.take() else { return };
        if let Some(last) = self.entries.last_mut()
            && last.end() == open.from
            && let Entry::Jumps { step, count, .. } = last
            && *step == open.to.minus(open.from)
            && let Some(more) = count.checked_add(1)
        {
            *count = more;
            return;
        }
        self.entries.push(open.entry());
    }
}

/// An entry of the log, on its own: it is put into words without the log, for how a call's arguments are shown is the user's own code.
pub(crate) struct Line {
    entry: String,
    call: Option<(Weak<dyn Mocked>, u32, Did)>,
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.entry)?;
        match &self.call {
            Some((mock, call, did)) => write!(f, "{} {did}", who(mock, *call)),
            None => Ok(()),
        }
    }
}

fn who(mock: &Weak<dyn Mocked>, call: u32) -> String {
    mock.upgrade().map_or_else(|| "a call of a mock that is gone".to_owned(), |mock| mock.describe(call))
}

impl Open {
    fn entry(&self) -> Entry {
        Entry::Jumps { from: self.from, step: self.to.minus(self.from), count: 1 }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;
    use crate::bubble::{Complaint, lock};

    fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    fn at(millis: u64) -> Nanos {
        Nanos::from_millis(millis)
    }

    #[test]
    fn the_wheel_s_stops_on_the_way_are_one_jump() {
        let mut log = Log::new(true);
        log.moved(at(0), at(63), true);
        log.moved(at(63), at(100), true);

        assert_eq!(log.jumps(ms(100)), [(ms(0), ms(100))]);
    }

    #[test]
    fn a_stop_at_which_something_ran_ends_a_jump() {
        let mut log = Log::new(true);
        log.moved(at(0), at(63), true);
        log.moved(at(63), at(100), false);

        assert_eq!(log.jumps(ms(100)), [(ms(0), ms(63)), (ms(63), ms(100))]);
    }

    #[test]
    fn equal_jumps_in_a_row_share_an_entry() {
        let mut log = Log::new(true);
        for beat in 0..1000 {
            log.moved(at(10 * beat), at(10 * (beat + 1)), false);
        }

        assert_eq!(log.jumps(ms(10_000)).len(), 1000);
        assert_eq!(log.entries.len(), 1);
    }

    #[test]
    fn an_event_ends_a_jump_even_at_a_waypoint() {
        let mut log = Log::new(true);
        log.moved(at(0), at(63), true);
        log.push(ms(63), Event::Tick { meter: 0 });
        log.moved(at(63), at(100), true);

        assert_eq!(log.jumps(ms(100)), [(ms(0), ms(63)), (ms(63), ms(100))]);
    }

    #[test]
    fn how_a_call_is_shown_may_ask_what_the_log_knows() {
        struct Asks(Arc<Mutex<Log>>);

        impl Mocked for Asks {
            fn describe(&self, _: u32) -> String {
                format!("ask(), the last at {:?}", lock(&self.0).latest())
            }

            fn verify(&self) -> Vec<Complaint> {
                Vec::new()
            }

            fn owed(&self) -> Vec<String> {
                Vec::new()
            }

            fn awaited(&self) -> Option<String> {
                None
            }
        }

        let log = Arc::new(Mutex::new(Log::new(true)));
        let mock: Arc<dyn Mocked> = Arc::new(Asks(Arc::clone(&log)));
        let number = lock(&log).introduce(Arc::downgrade(&mock));
        lock(&log).note_call(ms(10), number, 0, Did::Call);

        let lines = lock(&log).last(1);

        assert_eq!(lines[0].to_string(), "     0.010 s  ask(), the last at 10ms called");
    }
}
