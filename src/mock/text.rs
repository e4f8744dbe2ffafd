use std::fmt::{self, Debug};

use super::kept::{Kept, KeptArg, Show};
use crate::os::Confined;

/// What is kept of an argument that cannot outlive its call: the text of its `Debug`, which stands for it wherever it is compared.
#[derive(Clone)]
pub struct Text(String);

impl<E: Debug + ?Sized> PartialEq<E> for Text {
    fn eq(&self, expected: &E) -> bool {
        self.0 == format!("{expected:?}")
    }
}

impl Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Kept<Text> {
    /// Keeps the text, if there is one.
    pub fn by_text(show: Show<Text>) -> Self {
        match show {
            Show::Text(text) => Self::new(Some(Confined::free(Text(text))), Show::Copy(Text::fmt)),
            show => Self::new(None, show),
        }
    }

    /// Shows the argument to a matcher.
    pub fn text(&self) -> &str {
        match (&self.show, self.get()) {
            (_, Some(text)) => &text.0,
            (Show::Type(name), None) => name,
            (_, None) => "",
        }
    }
}
