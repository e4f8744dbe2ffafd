//! See `tests/`: one file an attribute.
