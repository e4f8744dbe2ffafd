use std::time::Duration;

/// How long a rule's answers take.
pub(crate) enum Latency {
    None,
    Same(Duration),
    Each { delays: Vec<Duration>, repeats_last: bool },
}

/// So many delays are taken of an iterator, which may have no end.
const MOST: usize = 100_000;

impl Latency {
    pub(crate) fn each(delays: impl IntoIterator<Item = Duration>) -> Self {
        let delays: Vec<_> = delays.into_iter().take(MOST).collect();
        Self::Each { repeats_last: delays.len() == MOST, delays }
    }

    pub(crate) fn repeat_last(&mut self) {
        if let Self::Each { repeats_last, .. } = self {
            *repeats_last = true;
        }
    }

    /// The delay of the nth use, from one; or how many delays there are, if it has none.
    pub(crate) fn of(&self, nth: usize) -> Result<Duration, usize> {
        match self {
            Self::None => Ok(Duration::ZERO),
            Self::Same(delay) => Ok(*delay),
            Self::Each { delays, repeats_last } => {
                let last = delays.last().filter(|_| *repeats_last);
                delays.get(nth - 1).or(last).copied().ok_or(delays.len())
            }
        }
    }

    /// How many of several delays were used, of how many.
    pub(crate) fn steps(&self, taken: usize) -> Option<(usize, usize)> {
        match self {
            Self::Each { delays, .. } if delays.len() < MOST => Some((taken.min(delays.len()), delays.len())),
            _ => None,
        }
    }
}
