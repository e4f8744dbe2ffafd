//! Virtual time by tokio's paused clock.

mod advance;
mod engine;
mod hand;

pub(crate) use engine::Portable;
pub(crate) use hand::HORIZON;
