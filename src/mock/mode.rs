use crate::os::Confined;

/// Says that an answer may be used on any thread: what it holds is `Send`.
#[derive(Debug)]
pub struct Sent;

/// Says that an answer stays on the thread that gave it, so that what it holds need not be `Send`.
#[derive(Debug)]
pub struct Local;

/// What an answer may hold. [`Sent`] holds what is `Send`, [`Local`] holds everything.
#[diagnostic::on_unimplemented(
    message = "`{T}` cannot be sent to another thread, and a mock can be called from any",
    label = "`{T}` is not `Send`",
    note = "write `.local()` before the answer: `mock.always().local().returns(..)`; the answer then stays on this thread"
)]
pub trait Holds<T>: 'static {
    /// Takes the value.
    #[doc(hidden)]
    fn hold(value: T) -> Confined<T>;
}

impl<T: Send> Holds<T> for Sent {
    fn hold(value: T) -> Confined<T> {
        Confined::free(value)
    }
}

impl<T> Holds<T> for Local {
    fn hold(value: T) -> Confined<T> {
        Confined::bound(value)
    }
}
