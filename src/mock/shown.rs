use std::borrow::Cow;
use std::fmt;

use super::form::Form;
use super::kept_args::KeptArgs;

/// How much is shown of an argument, unless the formatter's precision says otherwise, and of what a test expects.
pub(super) const MOST_LETTERS: usize = 200;

/// How much of each argument is shown where all are in one line with more to say.
const FEW_LETTERS: usize = 60;

/// All arguments as text: `id: 7, name: "x"`.
pub(super) fn shown(form: &Form, kept: &dyn KeptArgs) -> String {
    all(form, &|place| Shown(kept, place).to_string())
}

/// The same, with the start of what is long.
pub(super) fn shown_in_brief(form: &Form, kept: &dyn KeptArgs) -> String {
    all(form, &|place| format!("{:.FEW_LETTERS$}", Shown(kept, place)))
}

fn all(form: &Form, show: &dyn Fn(usize) -> String) -> String {
    let one = |place: usize| match form.names.get(place) {
        Some(name) => format!("{name}: {}", show(place)),
        None => show(place),
    };
    (0..form.count).map(one).collect::<Vec<_>>().join(", ")
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
pub(super) struct Shown<'a>(pub(super) &'a dyn KeptArgs, pub(super) usize);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.show(self.1, f)
    }
}
