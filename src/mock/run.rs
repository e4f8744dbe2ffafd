use std::ptr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// Code of the test, which one thread at a time runs, and the thread that is inside it.
pub(crate) struct Run<C: ?Sized> {
    on: AtomicUsize,
    code: Mutex<C>,
}

/// The calling thread is inside the code already.
pub(crate) struct Inside;

/// Says that a thread is inside, until it is dropped.
struct Stay<'a>(&'a AtomicUsize);

impl Drop for Stay<'_> {
    fn drop(&mut self) {
        self.0.store(NOBODY, Ordering::Relaxed);
    }
}

const NOBODY: usize = 0;

impl<C> Run<C> {
    pub(crate) fn new(code: C) -> Self {
        Self { on: AtomicUsize::new(NOBODY), code: Mutex::new(code) }
    }
}

impl<C: ?Sized> Run<C> {
    /// Runs the code once no other thread is inside it.
    ///
    /// The lock is waited for as one of the test's own, not of this crate's: code that sleeps leaves those at rest that wait for it.
    pub(crate) fn enter<T>(&self, run: impl FnOnce(&mut C) -> T) -> Result<T, Inside> {
        let here = here();
        // What other threads write is never this thread's.
        if self.on.load(Ordering::Relaxed) == here {
            return Err(Inside);
        }
        let mut code = self.code.lock().unwrap_or_else(PoisonError::into_inner);
        self.on.store(here, Ordering::Relaxed);
        let _stay = Stay(&self.on);
        Ok(run(&mut code))
    }
}

/// A number that no other living thread has.
fn here() -> usize {
    thread_local! {
        static HERE: u8 = const { 0 };
    }
    HERE.with(|here| ptr::from_ref(here).addr())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::thread;

    use super::*;

    #[test]
    fn a_thread_does_not_enter_twice() {
        let run = Run::new(7);

        assert!(matches!(run.enter(|_| run.enter(|seven| *seven).is_err()), Ok(true)));
        assert!(matches!(run.enter(|seven| *seven), Ok(7)));
    }

    #[test]
    fn threads_enter_one_after_the_other() {
        let run = Arc::new(Run::new(0));
        let threads = [(); 4].map(|()| {
            let run = Arc::clone(&run);
            thread::spawn(move || {
                for _ in 0..100 {
                    assert!(run.enter(|count| *count += 1).is_ok());
                }
            })
        });
        for thread in threads {
            thread.join().unwrap();
        }

        assert!(matches!(run.enter(|count| *count), Ok(400)));
    }
}
