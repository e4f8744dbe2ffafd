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
    note = "write `.local()` before the answer, `mock.always().local().returns(..)`, and `.respond_local(..)` for `.respond(..)`: the answer then stays on this thread",
    note = "or have it hold what is `Send`: an `Arc` for an `Rc`, a `Mutex` for a `RefCell`; in an `async` block, nothing else across an `.await`"
)]
pub trait Holds<T>: 'static {
    /// Takes the value.
    #[doc(hidden)]
    fn hold(value: T) -> Confined<T>;
}

#[diagnostic::do_not_recommend]
impl<T: Send> Holds<T> for Sent {
    fn hold(value: T) -> Confined<T> {
        Confined::free(value)
    }
}

#[diagnostic::do_not_recommend]
impl<T> Holds<T> for Local {
    fn hold(value: T) -> Confined<T> {
        Confined::bound(value)
    }
}

/// What may be used on any thread: all that is `Send`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent to another thread, and a mock can be called from any",
    label = "`{Self}` is not `Send`",
    note = "have it hold what is `Send`: an `Arc` for an `Rc`, a `Mutex` for a `RefCell`",
    note = "an answer may stay on this thread: `mock.always().local().answers(..)`"
)]
pub trait Roams: Send {}

#[diagnostic::do_not_recommend]
impl<T: Send> Roams for T {}
