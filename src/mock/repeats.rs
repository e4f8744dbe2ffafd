/// What can be given again and again: all that is `Clone`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not `Clone`, so it cannot be given again and again",
    label = "not `Clone`",
    note = "`.returns_once(..)` gives a value to one call, `.sequence([..])` one to each, `.answers(|args| ..)` makes a new one for each"
)]
pub trait Repeats {
    /// Gives another one.
    #[doc(hidden)]
    #[must_use]
    fn again(&self) -> Self;
}

impl<T: Clone> Repeats for T {
    fn again(&self) -> Self {
        self.clone()
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
