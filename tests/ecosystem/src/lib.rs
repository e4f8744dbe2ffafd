//! See `tests/`: one file a crate.
