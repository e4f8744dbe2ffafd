//! Floor 0: all of the crate's unsafe code, and nothing else.
#![expect(unsafe_code, reason = "this is the one floor that may hold it")]

mod confined;
mod waker;

pub(crate) use confined::Confined;
pub(crate) use waker::on_clone;
