//! The seam with the operating system: what this crate sees and answers of a program's calls to libc, and past it.
//!
//! On Linux with glibc (`x86_64` and `aarch64`), with the feature `os`, which is on by default. Elsewhere only `tokio::time` is
//! virtual. [`support`] says which it is.
// Floor 0: all of the crate's unsafe code, and nothing else.
#![expect(unsafe_code, reason = "this is the one floor that may hold it")]

mod confined;
mod exit;
mod seen;
mod support;
mod waker;

pub(crate) use confined::Confined;
pub(crate) use exit::fail_at_exit;
pub(crate) use seen::{Clock, Detail, Scope, Socket, What};
pub use support::{Support, support};
pub(crate) use waker::on_clone;

#[cfg(seam)]
mod allocator;
#[cfg(seam)]
mod ask;
#[cfg(seam)]
mod bell;
#[cfg(seam)]
mod cpu_time;
#[cfg(seam)]
mod crowd;
#[cfg(seam)]
mod hooks;
#[cfg(seam)]
mod host;
#[cfg(seam)]
mod judge;
#[cfg(seam)]
mod listening;
#[cfg(seam)]
mod mailbox;
#[cfg(seam)]
mod now;
#[cfg(seam)]
mod objects;
#[cfg(seam)]
mod original;
#[cfg(seam)]
mod others;
#[cfg(seam)]
mod poker;
#[cfg(seam)]
mod polls;
#[cfg(seam)]
mod probe;
#[cfg(seam)]
mod seat;
#[cfg(seam)]
mod stack;
#[cfg(seam)]
mod statics;
#[cfg(seam)]
mod wait;
/// Runs a piece of the crate's own code, which lives in real time everywhere.
#[cfg(not(seam))]
pub(crate) fn inside<T>(run: impl FnOnce() -> T) -> T {
    run()
}

#[cfg(all(seam, feature = "http"))]
pub(crate) use host::watch_connections;
#[cfg(all(seam, feature = "hot-line"))]
pub(crate) use stack::is_in_libc;
#[cfg(seam)]
pub(crate) use {
    ask::{Answer, Asked, prime},
    bell::Bell,
    cpu_time::cpu_time,
    crowd::is_crowded,
    hooks::{expire, forget_names, hand_over, is_alive, owed},
    host::{Host, count_word, note_orphans, set_host, uncount_word},
    judge::{Ear, Judged, hear_spin, hear_strangers, set_ear, socket_of, unhear_strangers},
    listening::does_listen,
    mailbox::Probed,
    now::{real_monotonic, real_system},
    others::{
        Awaited, Runner, does_another_thread_run, does_any_run, running_strangers, strangers_await, thread_id,
        thread_name, threads, threads_named, waits,
    },
    poker::Poker,
    polls::Polls,
    seat::{Before, Exchange, Member, Traffic, bubble, inside, leave, sit},
    stack::{addresses, has_to_do_with_stacks, puts_a_stack_into_words},
    statics::{is_for_static, is_static},
    wait::{Fd, Timer, Wait, Woken, Word},
};
#[cfg(seam)]
use {
    host::{are_there_orphans, have_all_look, host, is_watched, wake},
    polls::is_ready,
    seat::is_seated,
};
