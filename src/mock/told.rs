use std::fmt::{self, Debug};

use super::kept::Show;
use super::text::Text;

/// What stands for an argument that a call cannot hold, a `&mut` to something that borrows for another lifetime: how it is shown.
pub struct Told(Show<Text>);

impl Told {
    /// Puts together what the type allowed.
    pub fn new(show: Show<Text>) -> Self {
        Self(show)
    }

    /// Stands for an argument that nobody will look at.
    pub fn nothing() -> Self {
        Self(Show::Text(String::new()))
    }

    /// Says how to show it.
    pub fn show(&self) -> Show<Text> {
        self.0.clone()
    }
}

impl Debug for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Show::Text(text) => f.write_str(text),
            Show::Type(name) => write!(f, "<{name}>"),
            Show::Copy(_) => Ok(()),
        }
    }
}
