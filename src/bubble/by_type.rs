use std::any::Any;
use std::sync::Mutex;

use super::lock;

/// At most one value of each type.
#[derive(Default)]
pub(crate) struct ByType {
    all: Mutex<Vec<Box<dyn Any + Send>>>,
}

impl ByType {
    pub(crate) fn get<T: Clone + 'static>(&self) -> Option<T> {
        find(&lock(&self.all))
    }

    pub(crate) fn get_or_insert_with<T: Clone + Send + 'static>(&self, make: impl FnOnce() -> T) -> T {
        let mut all = lock(&self.all);
        find(&all).unwrap_or_else(|| {
            let value = make();
            all.push(Box::new(value.clone()));
            value
        })
    }

    /// Lets go of all, on the calling thread.
    pub(crate) fn clear(&self) {
        let all = std::mem::take(&mut *lock(&self.all));
        drop(all);
    }
}

fn find<T: Clone + 'static>(all: &[Box<dyn Any + Send>]) -> Option<T> {
    all.iter().find_map(|value| value.downcast_ref::<T>()).cloned()
}
