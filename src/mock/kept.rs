use std::any::type_name;
use std::fmt::{self, Debug};
use std::sync::{Arc, Mutex};

use crate::bubble::lock;
use crate::os::Confined;

/// How much of an argument's text is shown.
const MOST_LETTERS: usize = 200;

/// What a mock keeps of an argument: a copy where the type allows it, and how it is shown.
pub struct Kept<T> {
    copy: Option<Confined<T>>,
    show: Show<T>,
}

/// How an argument is shown.
pub enum Show<T> {
    /// By its copy, only when somebody looks.
    Copy(fn(&T, &mut fmt::Formatter<'_>) -> fmt::Result),
    /// By the text that it gave when it was there.
    Text(String),
    /// By the name of its type, since it has no `Debug`.
    Type(&'static str),
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
pub trait Compare<E: ?Sized> {
    /// Compares; `None` if an argument could not be kept.
    fn compare(&self, expected: &E) -> Option<bool>;
}

impl<T> Kept<T> {
    /// Puts together what the type allowed.
    pub fn new(copy: Option<Confined<T>>, show: Show<T>) -> Self {
        Self { copy, show }
    }

    pub(super) fn plain(argument: &T) -> Self
    where
        T: Clone + Debug + Send,
    {
        Self::new(Some(Confined::free(argument.clone())), Show::Copy(T::fmt))
    }

    /// The copy, if there is one and it may be used on this thread.
    pub(super) fn get(&self) -> Option<&T> {
        self.copy.as_ref()?.get().ok()
    }

    /// The copy of an argument that can always be copied.
    ///
    /// # Panics
    ///
    /// Panics on another thread than the call's, if the argument cannot be sent.
    pub fn expect_copy(&self) -> &T {
        self.get().expect("an argument that cannot be sent is looked at on its own thread")
    }

    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.show, self.get()) {
            (Show::Copy(show), Some(copy)) => short(f, &format!("{:?}", Shown(copy, *show))),
            (Show::Copy(_), None) => write!(f, "<{} of another thread>", type_name::<T>()),
            (Show::Text(text), _) => short(f, text),
            (Show::Type(name), _) => write!(f, "<{name}>"),
        }
    }
}

impl Kept<String> {
    /// Shows an argument to a matcher by its text, where nothing else of it can be kept.
    pub fn text(&self) -> &str {
        match &self.show {
            Show::Text(text) => text,
            Show::Copy(_) => self.get().map_or("", String::as_str),
            Show::Type(name) => name,
        }
    }
}

/// The copies of a call's arguments: in place, until somebody wants to hold on to them.
pub(super) enum Copies<K> {
    InPlace(K),
    Shared(Arc<Mutex<K>>),
    /// The mock was told not to keep any.
    None,
}

impl<K> Copies<K> {
    pub(super) fn look<T>(&self, look: impl FnOnce(&K) -> T) -> Option<T> {
        match self {
            Self::InPlace(kept) => Some(look(kept)),
            Self::Shared(kept) => Some(look(&lock(kept))),
            Self::None => None,
        }
    }

    pub(super) fn share(&mut self) -> Option<Arc<Mutex<K>>> {
        let kept = match std::mem::replace(self, Self::None) {
            Self::InPlace(kept) => Arc::new(Mutex::new(kept)),
            Self::Shared(kept) => kept,
            Self::None => return None,
        };
        *self = Self::Shared(Arc::clone(&kept));
        Some(kept)
    }
}

struct Shown<'a, T>(&'a T, fn(&T, &mut fmt::Formatter<'_>) -> fmt::Result);

impl<T> Debug for Shown<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (self.1)(self.0, f)
    }
}

fn short(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    match text.char_indices().nth(MOST_LETTERS) {
        Some((end, _)) => write!(f, "{}... ({} letters in all)", &text[..end], text.chars().count()),
        None => f.write_str(text),
    }
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
        impl<$($type: 'static),*> KeptArgs for ($(Kept<$type>,)*) {
            const COUNT: usize = [$($place),*].len();

            fn show(&self, place: usize, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match place {
                    $($place => self.$place.fmt(f),)*
                    _ => Ok(()),
                }
            }
        }
    };
}

macro_rules! compare {
    ($($type:ident $expected:ident $place:tt),*) => {
        impl<$($type: PartialEq<$expected>, $expected),*> Compare<($($expected,)*)> for ($(Kept<$type>,)*) {
            fn compare(&self, expected: &($($expected,)*)) -> Option<bool> {
                Some($(*self.$place.get()? == expected.$place)&&*)
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

impl<A: PartialEq<E>, E> Compare<E> for (Kept<A>,) {
    fn compare(&self, expected: &E) -> Option<bool> {
        Some(self.0.get()? == expected)
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
