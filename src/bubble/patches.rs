use std::any::Any;
use std::sync::Mutex;

use super::lock;

/// What stands in for functions in this bubble, by type.
#[derive(Default)]
pub(crate) struct Patches {
    all: Mutex<Vec<Box<dyn Any + Send>>>,
}

impl Patches {
    pub(crate) fn get<T: Clone + 'static>(&self) -> Option<T> {
        lock(&self.all).iter().find_map(|patch| patch.downcast_ref::<T>()).cloned()
    }

    pub(crate) fn get_or_insert_with<T: Clone + Send + 'static>(&self, make: impl FnOnce() -> T) -> T {
        self.get().unwrap_or_else(|| {
            let patch = make();
            lock(&self.all).push(Box::new(patch.clone()));
            patch
        })
    }

    /// Lets go of all, on the test's own thread.
    pub(crate) fn clear(&self) {
        let all = std::mem::take(&mut *lock(&self.all));
        drop(all);
    }
}
