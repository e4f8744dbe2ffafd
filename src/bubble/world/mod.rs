//! Virtual time for whole programs: the bubble's clock is the truth, and std, libc and an unpaused tokio read it.
//!
//! Each thread of a bubble is a member. Whatever it waits in (a socket, a lock, a sleep, another thread), it waits here, at rest.
//! The last member to come to rest moves the clock to the earliest deadline.

mod alarm;
mod answers;
mod children;
mod clocks;
mod contested;
mod door;
mod engine;
mod foreign;
mod home;
mod member;
mod messengers;
mod random;
mod reads;
mod rest;
mod room;
mod slot;
mod state;
mod threads;
mod timers;

pub(crate) use engine::Virtual;
pub(crate) use threads::{Running, does_a_stranger_run};

use std::time::Duration;

/// How long, in real time, the clock waits after the last byte from another process: an answer comes in pieces.
const GRACE: Duration = Duration::from_millis(20);

/// How long it waits so, in nanoseconds, while the machine is crowded: who answers may wait for a processor between two pieces.
const CROWDED_GRACE: u64 = 200_000_000;

/// How long, in real time, a test that seems stuck is left alone while threads of no test run, in nanoseconds.
const LONG_GRACE: u64 = 2_000_000_000;

/// How often, in real time, it is asked whether strangers still run.
const LOOK_AGAIN: Duration = Duration::from_millis(1);

/// How often, in real time, it is asked whether a process that a test has started listens, in nanoseconds.
const LOOK_FOR_SERVERS: u64 = 5_000_000;

/// After so many turns of a runtime without rest, something must be spinning.
const MOST_TURNS: u32 = 10_000;

/// By how much each further read moves the clock then, in nanoseconds.
const CREEP: u64 = 1_000;

/// How long, in real time, a request to outside holds the clock at most, in nanoseconds: one that waits for something else
/// than the other end's work is not answered by holding.
const LONGEST_ANSWER: u64 = 5_000_000_000;

/// So many waits of a thread in a row may be over at once.
const MOST_HASTY: u32 = 2;

/// No bubble begins further ahead of the real clock, in nanoseconds: ten years.
const MOST_LEAD: u64 = 10 * 365 * 86_400 * 1_000_000_000;

/// Deadlines further away are none; tokio itself takes "for ever" for thirty years.
const HORIZON: Duration = super::HORIZON;
