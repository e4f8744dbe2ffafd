//! `#[async_mock]`: args -> subject -> expansion. And `mock_fn!`, which has but one function of it.

mod args;
mod argument;
mod clippy;
mod expand;
mod faults;
mod form;
mod function;
mod generics;
mod layers;
mod lifetimes;
mod marker;
mod method;
mod mock_fn;
mod output;
mod patch;
mod patchable;
mod pointee;
mod reach;
mod selves;
mod shown;
mod span;
mod subject;

pub(crate) use expand::expand;
pub(crate) use mock_fn::mock_fn;
pub(crate) use patch::patch;
pub(crate) use patchable::patchable;
