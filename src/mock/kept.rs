use std::any::type_name;
use std::fmt::{self, Debug};

use super::shown;
use crate::os::Confined;

/// What a mock keeps of an argument: a copy where the type allows it, and how it is shown.
pub struct Kept<T> {
    copy: Option<Confined<T>>,
    pub(super) show: Show<T>,
}

/// How an argument is shown.
#[derive(Clone)]
pub enum Show<T> {
    /// By its copy, only when somebody looks.
    Copy(fn(&T, &mut fmt::Formatter<'_>) -> fmt::Result),
    /// By the text that it gave when it was there.
    Text(String),
    /// By the name of its type, since it has no `Debug`.
    Type(&'static str),
}

/// A copy of an argument that can be copied, sent and shown.
pub struct Plain<T>(pub(super) T);

/// What was kept of one argument.
pub trait KeptArg: Send + 'static {
    /// The argument's type, when it is owned.
    type Owned;

    /// The copy, if there is one and it may be used on this thread.
    fn get(&self) -> Option<&Self::Owned>;

    /// Shows it.
    ///
    /// # Errors
    ///
    /// Fails if the formatter does.
    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result;
}

/// A tuple of what was kept of each argument.
pub trait KeptArgs: Send + 'static {
    /// How many there are.
    const COUNT: usize;

    /// Shows one of them.
    ///
    /// # Errors
    ///
    /// Fails if the formatter does.
    fn show(&self, place: usize, f: &mut fmt::Formatter<'_>) -> fmt::Result;
}

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

impl<T> Kept<T> {
    /// Puts together what the type allowed.
    pub fn new(copy: Option<Confined<T>>, show: Show<T>) -> Self {
        Self { copy, show }
    }

    /// The copy of an argument that can always be copied.
    ///
    /// # Panics
    ///
    /// Panics on another thread than the call's, if the argument cannot be sent.
    pub fn expect_copy(&self) -> &T {
        self.copy().expect("an argument that cannot be sent is looked at on its own thread")
    }

    fn copy(&self) -> Option<&T> {
        self.copy.as_ref()?.get().ok()
    }
}

impl<T: 'static> KeptArg for Kept<T> {
    type Owned = T;

    fn get(&self) -> Option<&T> {
        self.copy()
    }

    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.show, self.copy()) {
            (Show::Copy(show), Some(copy)) => debug(f, &Shown(copy, *show)),
            (Show::Copy(_), None) => write!(f, "<{} of another thread>", type_name::<T>()),
            (Show::Text(text), _) => short(f, text),
            (Show::Type(name), _) => write!(f, "<{name}>"),
        }
    }
}

impl<T: Debug + Send + 'static> KeptArg for Plain<T> {
    type Owned = T;

    fn get(&self) -> Option<&T> {
        Some(&self.0)
    }

    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug(f, &self.0)
    }
}

struct Shown<'a, T>(&'a T, fn(&T, &mut fmt::Formatter<'_>) -> fmt::Result);

impl<T> Debug for Shown<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (self.1)(self.0, f)
    }
}

/// Shows a value in one line, or with `{:#}` in as many as it takes.
fn debug(f: &mut fmt::Formatter<'_>, value: &impl Debug) -> fmt::Result {
    if f.alternate() { write!(f, "{value:#?}") } else { short(f, &format!("{value:?}")) }
}

/// Shows the start of a text; with `{:#}`, all of it.
fn short(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    if f.alternate() {
        return f.write_str(text);
    }
    f.write_str(&shown::short(text, f.precision().unwrap_or(shown::MOST_LETTERS)))
}

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

macro_rules! tuple {
    ($($type:ident $expected:ident $place:tt),*) => {
        impl<$($type: KeptArg),*> KeptArgs for ($($type,)*) {
            const COUNT: usize = [$($place),*].len();

            fn show(&self, place: usize, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match place {
                    $($place => self.$place.show(f),)*
                    _ => Ok(()),
                }
            }
        }
    };
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

impl KeptArgs for () {
    const COUNT: usize = 0;

    fn show(&self, _: usize, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
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

tuple!(A L 0);
tuple!(A L 0, B M 1);
tuple!(A L 0, B M 1, C N 2);
tuple!(A L 0, B M 1, C N 2, D O 3);
tuple!(A L 0, B M 1, C N 2, D O 3, E P 4);
tuple!(A L 0, B M 1, C N 2, D O 3, E P 4, F Q 5);
tuple!(A L 0, B M 1, C N 2, D O 3, E P 4, F Q 5, G R 6);
tuple!(A L 0, B M 1, C N 2, D O 3, E P 4, F Q 5, G R 6, H S 7);
compare!(A L 0, B M 1);
compare!(A L 0, B M 1, C N 2);
compare!(A L 0, B M 1, C N 2, D O 3);
compare!(A L 0, B M 1, C N 2, D O 3, E P 4);
compare!(A L 0, B M 1, C N 2, D O 3, E P 4, F Q 5);
compare!(A L 0, B M 1, C N 2, D O 3, E P 4, F Q 5, G R 6);
compare!(A L 0, B M 1, C N 2, D O 3, E P 4, F Q 5, G R 6, H S 7);
