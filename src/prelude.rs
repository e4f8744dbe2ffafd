//! Traits and macros to import at the top of a test module: `use standstill::prelude::*;`.

pub use crate::blocking::BlockingExt;
pub use crate::clock::Units;
pub use crate::{assert_elapsed, async_mock, async_test, gather, mock_fn, patch};
