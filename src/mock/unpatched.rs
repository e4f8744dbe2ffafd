use std::cell::RefCell;
use std::marker::PhantomData;

thread_local! {
    /// The patches whose answers run on this thread, by their addresses.
    static ANSWERING: RefCell<Vec<usize>> = const { RefCell::new(Vec::new()) };
}

/// While it is there, its thread runs the answer of a patch, and a call of the patched function is one of the real function.
pub(super) struct Unpatched {
    /// It is dropped on the thread that made it.
    here: PhantomData<*const ()>,
}

impl Unpatched {
    pub(super) fn enter(patch: usize) -> Self {
        with(|answering| answering.push(patch));
        Self { here: PhantomData }
    }

    /// Whether the calling thread runs an answer of the patch.
    pub(super) fn is_inside(patch: usize) -> bool {
        with(|answering| answering.contains(&patch)).unwrap_or(false)
    }
}

impl Drop for Unpatched {
    fn drop(&mut self) {
        with(Vec::pop);
    }
}

/// A thread that is about to end has none.
fn with<T>(run: impl FnOnce(&mut Vec<usize>) -> T) -> Option<T> {
    ANSWERING.try_with(|answering| run(&mut answering.borrow_mut())).ok()
}
