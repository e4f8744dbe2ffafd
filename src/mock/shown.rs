use std::fmt;

use super::kept::KeptArgs;
use super::signature::Signature;

/// How much is shown of what a test expects.
const SOME_LETTERS: usize = 200;

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
    let text = format!("{value:?}");
    match text.char_indices().nth(SOME_LETTERS) {
        Some((end, _)) => format!("{}... ({} letters in all)", &text[..end], text.chars().count()),
        None => text,
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
