use std::borrow::{Borrow, ToOwned};

use super::look::Look;

/// Makes a copy of an argument, to lend to an answer where the future of the call may not borrow the argument itself.
#[expect(clippy::needless_pass_by_value, reason = "by reference, the compiler would propose to borrow")]
pub fn copied<T: ?Sized + Copies<W>, W>(argument: Look<'_, T>) -> T::Owned {
    argument.0.copied()
}

/// What can be copied, and lent from the copy.
#[diagnostic::on_unimplemented(
    message = "this future may not borrow a `&{Self}`, and `{Self}` is not `Clone`, so that the mock has no copy to lend",
    label = "name one lifetime for both, as in `fn get<'a>(&'a self, key: &'a Key) -> BoxFuture<'a, u64>`",
    note = "or have `{Self}` derive `Clone`"
)]
pub trait Copies<W> {
    /// The copy's type.
    type Owned: Borrow<Self>;
    /// Copies.
    fn copied(&self) -> Self::Owned;
}

/// The way in which all is copied that can be.
pub enum Owns {}

/// A way that nothing goes. With but one, the compiler would tell of its bounds rather than of the trait.
pub enum Nowhere {}

/// Nothing is.
pub trait Hopeless {}

impl<T: ?Sized + ToOwned> Copies<Owns> for T {
    type Owned = T::Owned;

    fn copied(&self) -> T::Owned {
        self.to_owned()
    }
}

impl<T: ?Sized + Hopeless> Copies<Nowhere> for T {
    type Owned = Box<T>;

    fn copied(&self) -> Box<T> {
        unreachable!("nothing is hopeless")
    }
}
