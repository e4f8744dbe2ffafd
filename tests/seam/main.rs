//! The seam with libc: whatever a thread of a bubble waits in takes virtual time, to the nanosecond, and nothing else changes.
#![cfg(all(feature = "os", target_os = "linux", target_env = "gnu"))]
#![expect(unsafe_code, reason = "half of these tests are a C program's calls")]

mod c_locks;
mod c_threads;
mod c_time;
mod channels;
mod child_servers;
mod clones;
mod errno;
mod file_locks;
mod fork;
mod lifetime;
mod mocks;
mod outside;
mod parking;
mod pipes;
mod processes;
mod raw_calls;
mod ready;
mod signals;
mod sockets;
mod std_locks;
mod std_threads;
mod teardown;
mod timers;
mod unix_servers;
mod unwinding;

use std::time::{Duration, Instant};

/// How long a piece of code takes on the calling thread's own clock.
fn time_of<T>(run: impl FnOnce() -> T) -> (Duration, T) {
    let start = Instant::now();
    let output = run();
    (start.elapsed(), output)
}
