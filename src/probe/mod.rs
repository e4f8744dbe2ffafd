//! Instruments that a test holds against the code.

mod meter;
mod window;

pub use meter::Meter;
