//! Each file has one kind of failure, and beside it what is none. The names say what the shop does; what standstill must say of it
//! is under test in `tests/reports` at the root of the repository.

mod blocking;
mod body;
mod clock;
mod cpu;
mod leaks;
mod limits;
mod lost;
mod misuse;
mod mocks;
mod panics;
mod rates;
mod seeds;
#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod shared;
mod starved;
mod stuck;
mod tasks;
