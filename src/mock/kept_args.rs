use std::any::Any;
use std::fmt;

use super::kept::KeptArg;

/// A tuple of what was kept of each argument.
pub trait KeptArgs: Any + Send {
    /// How many there are.
    fn count() -> usize
    where
        Self: Sized;

    /// Shows one of them.
    ///
    /// # Errors
    ///
    /// Fails if the formatter does.
    fn show(&self, place: usize, f: &mut fmt::Formatter<'_>) -> fmt::Result;

    /// Whether that shows its value, and not only its type.
    fn has_debug(&self, place: usize) -> bool;

    /// Whether there is a copy of one of them, which may be used on this thread.
    fn is_copied(&self, place: usize) -> bool;
}

impl KeptArgs for () {
    fn count() -> usize {
        0
    }

    fn show(&self, _: usize, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }

    fn has_debug(&self, _: usize) -> bool {
        true
    }

    fn is_copied(&self, _: usize) -> bool {
        true
    }
}

macro_rules! tuple {
    ($($type:ident $place:tt),*) => {
        impl<$($type: KeptArg),*> KeptArgs for ($($type,)*) {
            fn count() -> usize {
                [$($place),*].len()
            }

            fn show(&self, place: usize, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match place {
                    $($place => self.$place.show(f),)*
                    _ => Ok(()),
                }
            }

            fn has_debug(&self, place: usize) -> bool {
                match place {
                    $($place => self.$place.has_debug(),)*
                    _ => true,
                }
            }

            fn is_copied(&self, place: usize) -> bool {
                match place {
                    $($place => self.$place.get().is_some(),)*
                    _ => true,
                }
            }
        }
    };
}

tuple!(A 0);
tuple!(A 0, B 1);
tuple!(A 0, B 1, C 2);
tuple!(A 0, B 1, C 2, D 3);
tuple!(A 0, B 1, C 2, D 3, E 4);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);
