use std::backtrace::Backtrace;
use std::panic::Location;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::Id;

use crate::bubble::{Did, Nanos};

/// The calls on record since the last checkpoint: from where they come, and what they did.
///
/// A mock may see very many calls, so each takes little room.
pub(super) struct Book {
    /// The number of the first one.
    first: u32,
    calls: usize,
    /// Calls in a row that come from the same place share an entry.
    pub(super) origins: Vec<Origin>,
    deeds: Vec<Deed>,
    never_polled: usize,
    /// Of the calls that were dropped unpolled and may have been made anywhere, the first that was made, and what dropped it.
    pub(super) dropped: Option<(u32, Arc<Backtrace>)>,
}

/// Where calls come from.
#[derive(Clone, Copy)]
pub(super) struct Origin {
    /// The first of them, counted from the first call on record.
    pub(super) start: usize,
    pub(super) task: Option<Id>,
    place: &'static Location<'static>,
}

/// Something that a call did.
struct Deed {
    at: Nanos,
    call: u32,
    did: Did,
}

impl Book {
    pub(super) const fn new() -> Self {
        Self { first: 0, calls: 0, origins: Vec::new(), deeds: Vec::new(), never_polled: 0, dropped: None }
    }

    /// Takes a call on record, and gives its number.
    pub(super) fn open(&mut self, place: &'static Location<'static>) -> u32 {
        let task = tokio::task::try_id();
        let start = self.calls;
        if self.origins.last().is_none_or(|last| last.task != task || !std::ptr::eq(last.place, place)) {
            self.origins.push(Origin { start, task, place });
        }
        self.calls += 1;
        self.first + u32::try_from(start).expect("there are fewer calls than that")
    }

    pub(super) fn note(&mut self, at: Duration, call: u32, did: Did) {
        // A checkpoint may have let go of it.
        if call >= self.first {
            self.never_polled += usize::from(did == Did::Vanish);
            self.deeds.push(Deed { at: at.into(), call, did });
        }
    }

    /// Notes the panic of a call, which may have come before anything else of it was noted, or after all of it was.
    pub(super) fn note_panic(&mut self, at: Duration, call: u32) {
        let last = self.deeds.iter_mut().rev().find(|deed| deed.call == call);
        match last {
            None => {
                self.note(at, call, Did::Call);
                self.note(at, call, Did::Poll);
            }
            Some(Deed { at, did: did @ Did::Whole, .. }) => {
                *did = Did::Call;
                let at = Duration::from(*at);
                self.note(at, call, Did::Poll);
            }
            // It stays refused, until it is gone.
            Some(Deed { at: refused_at, did: Did::Refuse, .. }) => {
                *refused_at = at.into();
                return;
            }
            Some(_) => {}
        }
        self.note(at, call, Did::Panic);
    }

    /// The place of a call among those on record, unless a checkpoint has let go of it.
    pub(super) fn index(&self, call: u32) -> Option<usize> {
        Some(call.checked_sub(self.first)? as usize)
    }

    /// Where a call was made, unless a checkpoint has let go of it.
    pub(super) fn place(&self, call: u32) -> Option<&'static Location<'static>> {
        let index = self.index(call)?;
        let after = self.origins.partition_point(|origin| origin.start <= index);
        Some(self.origins.get(after.checked_sub(1)?)?.place)
    }

    /// What the calls did, in order: the instant, the call, counted from the first one on record, and what.
    pub(super) fn deeds(&self) -> impl Iterator<Item = (Duration, usize, Did)> {
        self.deeds.iter().map(|deed| (deed.at.into(), (deed.call - self.first) as usize, deed.did))
    }

    fn count(&self, counts: impl Fn(Did) -> bool) -> usize {
        self.deeds.iter().filter(|deed| counts(deed.did)).count()
    }

    pub(super) fn called(&self) -> usize {
        self.calls
    }

    pub(super) fn polled(&self) -> usize {
        self.count(|did| matches!(did, Did::Poll | Did::Whole))
    }

    pub(super) fn completed(&self) -> usize {
        self.count(|did| matches!(did, Did::Complete | Did::Whole))
    }

    pub(super) fn cancelled(&self) -> usize {
        self.count(|did| matches!(did, Did::Cancel | Did::Panic | Did::Refuse))
    }

    pub(super) fn never_polled(&self) -> usize {
        self.never_polled
    }

    /// The first call that was dropped unpolled.
    pub(super) fn first_never_polled(&self) -> Option<u32> {
        if self.never_polled == 0 {
            return None;
        }
        let vanished = self.deeds.iter().filter(|deed| deed.did == Did::Vanish);
        vanished.map(|deed| deed.call).min()
    }

    /// Whether no earlier call is known to have been dropped.
    pub(super) fn is_first_dropped(&self, call: u32) -> bool {
        call >= self.first && self.dropped.as_ref().is_none_or(|(first, _)| call < *first)
    }

    /// The first call that is alive and was not polled so far, and how many there are.
    pub(super) fn held_unpolled(&self) -> Option<(u32, usize)> {
        if self.in_flight() == 0 {
            return None;
        }
        let mut is_held = vec![true; self.called()];
        for (_, call, _) in self.deeds().filter(|(.., did)| *did != Did::Call) {
            is_held[call] = false;
        }
        let first =
            u32::try_from(is_held.iter().position(|is_held| *is_held)?).expect("there are fewer calls than that");
        Some((self.first + first, is_held.into_iter().filter(|is_held| *is_held).count()))
    }

    pub(super) fn in_flight(&self) -> usize {
        self.called() - self.count(|did| !matches!(did, Did::Call | Did::Poll))
    }

    /// The most calls that were in flight at once, by the order of what they did, since instants of several may be equal.
    pub(super) fn peak_in_flight(&self) -> usize {
        let (mut now, mut peak) = (0_usize, 0);
        for deed in &self.deeds {
            match deed.did {
                Did::Poll => now += 1,
                Did::Complete | Did::Cancel | Did::Panic | Did::Refuse => now -= 1,
                Did::Whole => peak = peak.max(now + 1),
                Did::Call | Did::Vanish => {}
            }
            peak = peak.max(now);
        }
        peak
    }

    /// Lets go of all of them, and goes on with those that come.
    pub(super) fn turn_over(&mut self) {
        let seen = u32::try_from(self.calls).expect("there are fewer calls than that");
        *self = Self { first: self.first + seen, ..Self::new() };
    }
}
