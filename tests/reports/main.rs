//! The exact text of every failure, as a user sees it: the tests of the crate in `tests/failures` are run one by one.
//!
//! To accept a new text: `INSTA_UPDATE=always cargo test --test reports`.

#![cfg(unix)]

mod assertions;
mod body;
mod bookshop;
mod leaks;
mod limits;
mod lost;
mod misuse;
mod mocks;
mod panics;
mod starved;
mod stuck;
