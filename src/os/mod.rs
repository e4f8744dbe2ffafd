//! Floor 0: all of the crate's unsafe code, and nothing else.
#![expect(unsafe_code, reason = "this is the one floor that may hold it")]

mod waker;

pub(crate) use waker::on_clone;
