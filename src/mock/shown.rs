use std::borrow::Cow;
use std::fmt;

use super::kept_args::KeptArgs;
use super::signature::Signature;

/// How much is shown of an argument, unless the formatter's precision says otherwise, and of what a test expects.
pub(super) const MOST_LETTERS: usize = 200;

/// How much of each argument is shown where all are in one line with more to say.
const FEW_LETTERS: usize = 60;

/// All arguments as text: `id: 7, name: "x"`.
pub(super) fn shown<S: Signature>(kept: &S::Kept) -> String {
    all::<S>(|place| Shown(kept, place).to_string())
}

/// The same, with the start of what is long.
pub(super) fn shown_in_brief<S: Signature>(kept: &S::Kept) -> String {
    all::<S>(|place| format!("{:.FEW_LETTERS$}", Shown(kept, place)))
}

fn all<S: Signature>(show: impl Fn(usize) -> String) -> String {
    let one = |place: usize| match S::NAMES.get(place) {
        Some(name) => format!("{name}: {}", show(place)),
        None => show(place),
    };
    (0..S::Kept::COUNT).map(one).collect::<Vec<_>>().join(", ")
}

/// What a test expects of a call, in one line.
pub(super) fn expected(value: &impl fmt::Debug) -> String {
    short(&format!("{value:?}"), MOST_LETTERS).into_owned()
}

/// A text, or if it is longer its start, and how long it is.
pub(super) fn short(text: &str, most: usize) -> Cow<'_, str> {
    match brief(text, most) {
        Cow::Owned(start) => Cow::Owned(format!("{start} ({} letters in all)", text.chars().count())),
        whole @ Cow::Borrowed(_) => whole,
    }
}

/// A text, or if it is longer its start.
pub(super) fn brief(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        Some((end, _)) => Cow::Owned(format!("{}...", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

/// An argument: in one line and its start only, or with `{:#}` whole, in as many lines as it takes.
pub(super) struct Shown<'a, K>(pub(super) &'a K, pub(super) usize);

impl<K: KeptArgs> fmt::Display for Shown<'_, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.show(self.1, f)
    }
}

pub(super) fn name_of<S: Signature>(place: usize) -> String {
    match (S::NAMES.get(place), S::Kept::COUNT) {
        (Some(name), _) => (*name).to_owned(),
        (None, 1) => "the argument".to_owned(),
        (None, _) => format!("argument {}", place + 1),
    }
}
