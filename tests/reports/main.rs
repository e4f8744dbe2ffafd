//! The exact text of every failure, as a user sees it: the tests of the crate in `tests/failures` are run one by one.
//!
//! To accept a new text: `INSTA_UPDATE=always cargo test --test reports`.

#![cfg(unix)]

mod assertions;
mod blocking;
mod body;
mod bookshop;
#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod cpu;
mod leaks;
mod limits;
mod lost;
mod misuse;
mod mocks;
mod panics;
mod seeds;
#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod shared;
mod starved;
mod stuck;
