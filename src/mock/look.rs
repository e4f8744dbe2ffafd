use std::any::type_name;
use std::fmt::Debug;

use super::kept::Show;
use crate::os::Confined;

/// An argument that is being looked at for what its type allows.
///
/// `(&&Look(&x)).copy()` finds, by method resolution, the first of the traits below whose bounds hold.
pub struct Look<'a, T: ?Sized>(pub &'a T);

/// For what can be copied and sent.
pub trait CopyFree {
    /// The copy's type.
    type Owned;
    /// Copies.
    fn copy(&self) -> Option<Confined<Self::Owned>>;
}

/// For what can be copied.
pub trait CopyBound {
    /// The copy's type.
    type Owned;
    /// Copies.
    fn copy(&self) -> Option<Confined<Self::Owned>>;
}

/// For everything else.
pub trait CopyNot {
    /// Does not copy.
    fn copy<O>(&self) -> Option<Confined<O>> {
        None
    }
}

impl<T: ?Sized + ToOwned> CopyFree for &&Look<'_, T>
where
    T::Owned: Send,
{
    type Owned = T::Owned;

    fn copy(&self) -> Option<Confined<T::Owned>> {
        Some(Confined::free(self.0.to_owned()))
    }
}

impl<T: ?Sized + ToOwned> CopyBound for &Look<'_, T> {
    type Owned = T::Owned;

    fn copy(&self) -> Option<Confined<T::Owned>> {
        Some(Confined::bound(self.0.to_owned()))
    }
}

impl<T: ?Sized> CopyNot for Look<'_, T> {}

/// For what can be copied, and shown.
pub trait ShowCopy {
    /// The copy's type.
    type Owned;
    /// Says how to show it.
    fn show(&self) -> Show<Self::Owned>;
}

/// For what can only be shown.
pub trait ShowText {
    /// Says how to show it.
    fn show<O>(&self) -> Show<O>;
}

/// For everything else.
pub trait ShowType {
    /// Says how to show it.
    fn show<O>(&self) -> Show<O>;
}

impl<T: ?Sized + ToOwned> ShowCopy for &&Look<'_, T>
where
    T::Owned: Debug,
{
    type Owned = T::Owned;

    fn show(&self) -> Show<T::Owned> {
        Show::Copy(T::Owned::fmt)
    }
}

impl<T: ?Sized + Debug> ShowText for &Look<'_, T> {
    fn show<O>(&self) -> Show<O> {
        Show::Text(format!("{:?}", self.0))
    }
}

impl<T: ?Sized> ShowType for Look<'_, T> {
    fn show<O>(&self) -> Show<O> {
        Show::Type(type_name::<T>())
    }
}
