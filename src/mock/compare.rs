use std::fmt::Debug;

use super::kept::KeptArg;

/// Tells whether kept arguments are equal to what a test expects: a value for the one argument, or a tuple of several.
#[diagnostic::on_unimplemented(
    message = "the arguments cannot be compared with `{E}`",
    label = "expected a value for the one argument, or a tuple of several",
    note = "each argument, in its owned form (a `String` for a `&str`), must be `PartialEq` with what is expected of it",
    note = "one that is not can be looked at when it comes: `when_fn(\"what is expected\", |args| ..)`"
)]
pub trait Compare<E: ?Sized> {
    /// Compares; `None` if an argument could not be kept.
    fn compare(&self, expected: &E) -> Option<bool>;
}

/// Tells in what kept arguments differ from what a test expects, as [`Compare`] tells whether.
#[diagnostic::on_unimplemented(
    message = "the arguments cannot be compared with `{E}`, and shown beside it",
    label = "expected a value for the one argument, or a tuple of several",
    note = "each argument, in its owned form (a `String` for a `&str`), must be `PartialEq` with what is expected of it, which is `Debug`",
    note = "one that is not can be looked at when it comes: `when_fn(\"what is expected\", |args| ..)`"
)]
pub trait Differ<E: ?Sized>: Compare<E> {
    /// Gives the places of the arguments that differ, and what is expected there.
    fn differ<'a>(&self, expected: &'a E) -> Vec<(usize, &'a dyn Debug)>;
}

impl Compare<()> for () {
    fn compare(&self, (): &()) -> Option<bool> {
        Some(true)
    }
}

#[diagnostic::do_not_recommend]
impl<A: KeptArg<Owned: PartialEq<E>>, E> Compare<E> for (A,) {
    fn compare(&self, expected: &E) -> Option<bool> {
        Some(self.0.get()? == expected)
    }
}

impl Differ<()> for () {
    fn differ<'a>(&self, (): &'a ()) -> Vec<(usize, &'a dyn Debug)> {
        Vec::new()
    }
}

#[diagnostic::do_not_recommend]
impl<A: KeptArg<Owned: PartialEq<E>>, E: Debug> Differ<E> for (A,) {
    fn differ<'a>(&self, expected: &'a E) -> Vec<(usize, &'a dyn Debug)> {
        if self.0.get().is_some_and(|kept| kept != expected) { vec![(0, expected)] } else { Vec::new() }
    }
}

macro_rules! compare {
    ($($type:ident $expected:ident $place:tt),*) => {
        #[diagnostic::do_not_recommend]
        impl<$($type: KeptArg<Owned: PartialEq<$expected>>, $expected),*> Compare<($($expected,)*)> for ($($type,)*) {
            fn compare(&self, expected: &($($expected,)*)) -> Option<bool> {
                Some($(*self.$place.get()? == expected.$place)&&*)
            }
        }

        #[diagnostic::do_not_recommend]
        impl<$($type: KeptArg<Owned: PartialEq<$expected>>, $expected: Debug),*> Differ<($($expected,)*)> for ($($type,)*) {
            fn differ<'a>(&self, expected: &'a ($($expected,)*)) -> Vec<(usize, &'a dyn Debug)> {
                let mut differ: Vec<(usize, &dyn Debug)> = Vec::new();
                $(if self.$place.get().is_some_and(|kept| *kept != expected.$place) {
                    differ.push(($place, &expected.$place));
                })*
                differ
            }
        }
    };
}

compare!(A L 0, B M 1);
compare!(A L 0, B M 1, C N 2);
compare!(A L 0, B M 1, C N 2, D O 3);
compare!(A L 0, B M 1, C N 2, D O 3, E P 4);
compare!(A L 0, B M 1, C N 2, D O 3, E P 4, F Q 5);
compare!(A L 0, B M 1, C N 2, D O 3, E P 4, F Q 5, G R 6);
compare!(A L 0, B M 1, C N 2, D O 3, E P 4, F Q 5, G R 6, H S 7);
