use std::mem::ManuallyDrop;
use std::thread::{self, ThreadId};

/// Carries a value to any thread, and gives it out only where it may be used.
pub struct Confined<T> {
    value: ManuallyDrop<T>,
    /// The one thread that may use the value; `None` if every thread may.
    home: Option<ThreadId>,
}

/// The value belongs to another thread.
#[derive(Debug)]
pub(crate) struct Elsewhere;

// SAFETY: a value that is not `Send` has a home, and no other thread is given it or drops it.
unsafe impl<T> Send for Confined<T> {}

impl<T> Confined<T> {
    /// Takes what every thread may use.
    pub(crate) fn free(value: T) -> Self
    where
        T: Send,
    {
        Self { value: ManuallyDrop::new(value), home: None }
    }

    /// Takes what only the calling thread may use.
    pub(crate) fn bound(value: T) -> Self {
        Self { value: ManuallyDrop::new(value), home: Some(thread::current().id()) }
    }

    pub(crate) fn get(&self) -> Result<&T, Elsewhere> {
        if self.is_here() { Ok(&self.value) } else { Err(Elsewhere) }
    }

    pub(crate) fn get_mut(&mut self) -> Result<&mut T, Elsewhere> {
        if self.is_here() { Ok(&mut self.value) } else { Err(Elsewhere) }
    }

    pub(crate) fn into_inner(self) -> Result<T, Elsewhere> {
        if !self.is_here() {
            return Err(Elsewhere);
        }
        let mut this = ManuallyDrop::new(self);
        // SAFETY: `this` is not dropped, so the value is taken once.
        Ok(unsafe { ManuallyDrop::take(&mut this.value) })
    }

    fn is_here(&self) -> bool {
        self.home.is_none_or(|home| home == thread::current().id())
    }
}

impl<T> Drop for Confined<T> {
    fn drop(&mut self) {
        // Elsewhere it is leaked: its Drop may touch what only its thread may.
        if self.is_here() {
            // SAFETY: the value is not used again.
            unsafe { ManuallyDrop::drop(&mut self.value) }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;

    #[test]
    fn what_is_bound_is_given_out_at_home_only() {
        let counted = Rc::new(7);
        let confined = Confined::bound(Rc::clone(&counted));
        let confined = thread::spawn(move || {
            assert!(confined.get().is_err());
            confined
        });

        let confined = confined.join().unwrap();
        assert_eq!(confined.into_inner().unwrap(), counted);
        assert_eq!(Rc::strong_count(&counted), 1);
    }

    #[test]
    fn what_is_bound_is_leaked_elsewhere_and_dropped_at_home() {
        let counted = Rc::new(7);
        let [there, here] = [(), ()].map(|()| Confined::bound(Rc::clone(&counted)));

        thread::spawn(move || drop(there)).join().unwrap();
        drop(here);

        assert_eq!(Rc::strong_count(&counted), 2);
    }

    #[test]
    fn what_is_free_goes_everywhere() {
        let mut confined = Confined::free(7);
        thread::spawn(move || {
            *confined.get_mut().unwrap() += 1;
            assert_eq!(confined.into_inner().unwrap(), 8);
        })
        .join()
        .unwrap();
    }
}
