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

    /// Whether that shows its value, and not only its type.
    fn has_debug(&self) -> bool;
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

    fn has_debug(&self) -> bool {
        !matches!(self.show, Show::Type(_))
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

    fn has_debug(&self) -> bool {
        true
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
