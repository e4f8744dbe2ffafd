use std::panic::Location;

use super::kept_args::KeptArgs as _;
use super::signature::Signature;

/// What reports say of a signature.
#[derive(Clone, Copy)]
pub(super) struct Form {
    /// The names of the arguments, if they have any.
    pub(super) names: &'static [&'static str],
    /// How many arguments there are.
    pub(super) count: usize,
    /// The file, line and column of the macro that wrote the function, if one did.
    written_at: (&'static str, u32, u32),
}

impl Form {
    pub(super) fn of<S: Signature>() -> Self {
        Self { names: S::NAMES, count: S::Kept::count(), written_at: S::WRITTEN_AT }
    }

    pub(super) fn name_of(&self, place: usize) -> String {
        match (self.names.get(place), self.count) {
            (Some(name), _) => (*name).to_owned(),
            (None, 1) => "the argument".to_owned(),
            (None, _) => format!("argument {}", place + 1),
        }
    }

    /// Whether a line is the macro's.
    pub(super) fn is_written_at(&self, place: &Location<'_>) -> bool {
        self.written_at == (place.file(), place.line(), place.column())
    }
}
