//! What makes a call of libc one that blocks: the judges that the table of hooks names.
//!
//! A judge gets the call's own arguments, and goes by what they mean: a descriptor without `O_NONBLOCK`, a timeout that is not zero, a
//! lock that is taken. It makes no call that could wait, and leaves all as it was, though a reader-writer lock is taken for a moment.
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::unnecessary_wraps,
    reason = "the numbers are C's; and of some calls, every one blocks"
)]

pub(super) mod descriptor;
mod ear;
pub(super) mod lock;
pub(super) mod message;
pub(super) mod path;
pub(super) mod process;
pub(super) mod ready;
pub(super) mod resolve;
pub(super) mod sleep;
mod told;

use super::seen::{Clock, Seen, Socket, What};
pub(crate) use descriptor::socket_of;
pub(crate) use ear::{Ear, Judged, hear_spin, hear_strangers, set_ear, unhear_strangers};
pub(super) use ear::{forget, hear, overhear, oversee, oversee_reader};
pub(super) use told::note_told;
