/// Gives a value again and again, by clones of it.
#[derive(Debug)]
pub struct ByClone;

/// What can give a value again and again: [`ByClone`], where the value is `Clone`.
///
/// It is no trait of the value itself: the compiler would then propose to borrow it.
#[diagnostic::on_unimplemented(
    message = "`{T}` is not `Clone`, so it cannot be given again and again",
    label = "`{T}` is not `Clone`",
    note = "`.returns_once(..)` gives a value to one call, `.sequence([..])` one to each, `.answers(|args| ..)` makes a new one for each; \
            a call of `.next_call()` gets its own by `.respond(..)`"
)]
pub trait Repeats<T> {
    /// Gives another one.
    #[doc(hidden)]
    #[must_use]
    fn again(value: &T) -> T;
}

#[diagnostic::do_not_recommend]
impl<T: Clone> Repeats<T> for ByClone {
    fn again(value: &T) -> T {
        value.clone()
    }
}

/// What has a default, for calls that no rule takes.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no default, so the mock cannot be nice",
    label = "`{Self}` is not `Default`",
    note = "say what such calls get by a last rule: `mock.returns(..).times(..)`"
)]
pub trait Defaults {
    /// Gives it.
    #[doc(hidden)]
    fn default_output() -> Self;
}

#[diagnostic::do_not_recommend]
impl<T: Default> Defaults for T {
    fn default_output() -> Self {
        T::default()
    }
}

/// How another one is had of a value.
pub(super) type Again<T> = fn(&T) -> T;

/// An output that can be an error: a `Result`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no `Result`, so the call cannot fail",
    label = "`fails` is for functions that give a `Result`"
)]
pub trait Fallible {
    /// The error's type.
    type Error;

    /// Wraps an error.
    #[doc(hidden)]
    fn failed(error: Self::Error) -> Self;
}

impl<T, E> Fallible for Result<T, E> {
    type Error = E;

    fn failed(error: E) -> Self {
        Err(error)
    }
}
