use std::ops::Deref;
use std::sync::{Arc, Mutex, MutexGuard};

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

/// What was kept of the arguments of a call, to look at.
pub(super) enum Copy<'a, K> {
    Shared(MutexGuard<'a, K>),
    InPlace(&'a K),
}

impl<K> Deref for Copy<'_, K> {
    type Target = K;

    fn deref(&self) -> &K {
        match self {
            Self::Shared(kept) => kept,
            Self::InPlace(kept) => kept,
        }
    }
}

impl<K> Copies<K> {
    pub(super) const fn new() -> Self {
        Self { shared: Vec::new(), in_place: Vec::new() }
    }

    pub(super) fn push(&mut self, kept: Option<K>) {
        if let Some(kept) = kept {
            self.in_place.push(kept);
        } else {
            self.share();
            self.shared.push(None);
        }
    }

    pub(super) fn get(&self, place: usize) -> Option<Copy<'_, K>> {
        if let Some(place) = place.checked_sub(self.shared.len()) {
            return Some(Copy::InPlace(self.in_place.get(place)?));
        }
        Some(Copy::Shared(lock(self.shared[place].as_ref()?)))
    }

    /// All of them, to hold on to.
    pub(super) fn share(&mut self) -> &[Option<Arc<Mutex<K>>>] {
        for kept in std::mem::take(&mut self.in_place) {
            self.shared.push(Some(Arc::new(Mutex::new(kept))));
        }
        &self.shared
    }
}
