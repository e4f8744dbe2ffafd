use std::sync::{Arc, Mutex};

use crate::bubble::lock;

/// What was kept of the arguments of calls, by the place of the call.
///
/// In place, until somebody wants to hold on to it: most are never looked at.
pub(super) struct Copies<K> {
    /// Those of the first calls; `None` where the mock was told not to keep any.
    shared: Vec<Option<Arc<Mutex<K>>>>,
    /// Those of the calls after them.
    in_place: Vec<K>,
}

impl<K> Copies<K> {
    pub(super) const fn new() -> Self {
        Self { shared: Vec::new(), in_place: Vec::new() }
    }

    pub(super) fn len(&self) -> usize {
        self.shared.len() + self.in_place.len()
    }

    pub(super) fn push(&mut self, kept: Option<K>) {
        if let Some(kept) = kept {
            self.in_place.push(kept);
        } else {
            self.share();
            self.shared.push(None);
        }
    }

    pub(super) fn look<T>(&self, place: usize, look: impl FnOnce(&K) -> T) -> Option<T> {
        match place.checked_sub(self.shared.len()) {
            Some(place) => self.in_place.get(place).map(look),
            None => self.shared[place].as_ref().map(|kept| look(&lock(kept))),
        }
    }

    /// All of them, to hold on to.
    pub(super) fn share(&mut self) -> &[Option<Arc<Mutex<K>>>] {
        self.shared.extend(self.in_place.drain(..).map(|kept| Some(Arc::new(Mutex::new(kept)))));
        &self.shared
    }
}
