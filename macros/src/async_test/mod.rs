//! `#[async_test]`: args -> item -> expansion.

mod args;
mod blocking;
mod expand;
mod item;
mod value;

pub(crate) use expand::expand;
pub(super) use value::path;
