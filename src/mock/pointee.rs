use std::ffi::{CStr, CString, OsStr, OsString};
use std::path::{Path, PathBuf};

use super::copied::{Hopeless, Nowhere, Owns};
use super::look::Look;

/// What a reference points to, and the type that owns such a thing.
///
/// Found by the type, since a macro sees no more than its name: a `Path` may be anybody's.
pub trait Pointee {
    /// What owns it.
    type Owner;

    /// Keeps it for ever.
    fn leak(owner: Self::Owner) -> &'static mut Self
    where
        Self: 'static;
}

impl<T> Pointee for T {
    type Owner = T;

    fn leak(owner: T) -> &'static mut T
    where
        T: 'static,
    {
        Box::leak(Box::new(owner))
    }
}

impl<T> Pointee for [T] {
    type Owner = Vec<T>;

    fn leak(owner: Vec<T>) -> &'static mut [T]
    where
        T: 'static,
    {
        owner.leak()
    }
}

macro_rules! unsized_pointee {
    ($type:ty, $owner:ty, $boxed:ident) => {
        impl Pointee for $type {
            type Owner = $owner;

            fn leak(owner: $owner) -> &'static mut $type {
                Box::leak(owner.$boxed())
            }
        }
    };
}

unsized_pointee!(str, String, into_boxed_str);
unsized_pointee!(Path, PathBuf, into_boxed_path);
unsized_pointee!(OsStr, OsString, into_boxed_os_str);
unsized_pointee!(CStr, CString, into_boxed_c_str);

/// Does nothing, for what has a known owner.
pub const fn known<T: ?Sized + Known<W>, W>(_: Look<'_, T>) {}

/// What has a known owner.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no size, and the mock does not know what owns it",
    label = "take the owned type, or one of `&str`, `&[T]`, `&Path`, `&OsStr`, `&CStr`, `&dyn Trait`"
)]
pub trait Known<W> {}

impl<T: ?Sized + Pointee> Known<Owns> for T {}
impl<T: ?Sized + Hopeless> Known<Nowhere> for T {}

/// What a function pointer gives, by which `!` has a name.
pub trait Gives {
    /// It.
    type Output;
}

impl<R> Gives for fn() -> R {
    type Output = R;
}
