//! A program may use the signal that asks a stalled thread where it is; in a process of its own, for it has one handler.
#![cfg(all(target_os = "linux", target_env = "gnu"))]
#![expect(unsafe_code, reason = "a signal's handler is set as C does it")]

use std::hint::black_box;
use std::sync::atomic::{AtomicUsize, Ordering};

use standstill::blocking::{Policy, noted};
use standstill::{Builder, Level, prelude::*};

static RAISED: AtomicUsize = AtomicUsize::new(0);

extern "C" fn count(_: libc::c_int) {
    RAISED.fetch_add(1, Ordering::SeqCst);
}

#[test]
fn the_program_s_handler_gets_its_own_signals_and_none_of_the_watchdog_s() {
    // SAFETY: The handler only counts.
    unsafe { libc::signal(libc::SIGURG, count as *const () as libc::sighandler_t) };

    let found = Builder::new().blocking(Policy::all(Level::Deny)).poll_budget(10.millis()).try_run(async || {
        while noted() == 0 {
            black_box((0..1_000_u64).map(black_box).sum::<u64>());
        }
    });
    assert!(found.is_err(), "the poll keeps the processor");
    assert_eq!(RAISED.load(Ordering::SeqCst), 0);

    // SAFETY: The call has no contract.
    unsafe { libc::raise(libc::SIGURG) };
    assert_eq!(RAISED.load(Ordering::SeqCst), 1);
}
