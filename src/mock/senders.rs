//! Copies of arguments that may keep a channel open.

use super::kept_args::KeptArgs;
use super::report;
use super::shown::Shown;
use super::state::Shared;
use crate::bubble::lock;

/// So many calls are looked at, the latest.
const MOST_CALLS: usize = 100;

impl Shared {
    /// Says of which argument there is a copy that may keep a channel open, as far as its `Debug` shows it, unless the mock is busy.
    pub(super) fn sender(&self) -> Option<String> {
        let kept: Vec<_> = {
            let mut state = self.try_state()?;
            let called = state.book.called();
            (called.saturating_sub(MOST_CALLS)..called).filter_map(|call| state.typed.share(call)).collect()
        };
        let place = kept.iter().find_map(|kept| place_of_sender(&*lock(kept), self.form.count))?;
        Some(report::sender(self.name, &self.form.name_of(place)))
    }
}

fn place_of_sender(kept: &dyn KeptArgs, count: usize) -> Option<usize> {
    (0..count).find(|place| {
        let text = format!("{:#}", Shown(kept, *place));
        kept.is_copied(*place) && ["Sender {", "Sender<", "broadcast::Sender"].iter().any(|sign| text.contains(sign))
    })
}
