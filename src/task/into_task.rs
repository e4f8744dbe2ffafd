use std::future::Future;
use std::panic::Location;

use super::Task;
use super::spawn::start;

/// What [`gather`](super::gather()), [`wait`](super::wait()) and [`as_completed`](super::as_completed()) take as a child:
/// a future, which they spawn, or a [`Task`] that runs already.
pub trait IntoTask {
    /// What the child gives at its end.
    type Output: 'static;

    /// Makes it a task; one that is spawned for it gets `name`.
    fn into_task(self, name: String, place: &'static Location<'static>) -> Task<Self::Output>;
}

impl<F> IntoTask for F
where
    F: Future + 'static,
{
    type Output = F::Output;

    fn into_task(self, name: String, place: &'static Location<'static>) -> Task<F::Output> {
        start(name, self, place, false)
    }
}

impl<T: 'static> IntoTask for Task<T> {
    type Output = T;

    fn into_task(self, _: String, _: &'static Location<'static>) -> Task<T> {
        self
    }
}
