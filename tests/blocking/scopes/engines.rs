//! Whatever moves the clock, calls are found.

use std::thread;
use std::time::Duration;

use standstill::blocking::deny_blocking;
use standstill::{Builder, Failure, Flavor, Kind, Level, Time, blocking::Policy};

/// Short, for the clock may be the real one.
fn nap() {
    thread::sleep(Duration::from_millis(1));
}

#[track_caller]
fn is_found(ran: Result<(), Failure>) {
    let failure = ran.unwrap_err();

    assert_eq!(failure.kind(), Kind::Blocking);
    assert!(failure.to_string().contains(": std::thread::sleep (1ms)\n"), "{failure}");
}

#[test]
fn in_a_bubble() {
    is_found(Builder::new().try_run(async || nap()));
}

#[test]
fn on_tokio_s_own_paused_clock() {
    is_found(Builder::new().start_paused(true).try_run(async || nap()));
}

#[test]
fn on_the_real_clock() {
    is_found(Builder::new().time(Time::Real).try_run(async || nap()));
}

#[test]
fn on_the_real_clock_and_another_thread() {
    let builder = Builder::new().time(Time::Real).flavor(Flavor::MultiThread).worker_threads(1);

    is_found(builder.try_run(async || tokio::spawn(async { nap() }).await.unwrap()));
}

#[test]
fn in_a_scope_that_denies_on_the_real_clock() {
    let builder = Builder::new().time(Time::Real).blocking(Policy::all(Level::Allow));

    is_found(builder.try_run(async || deny_blocking(nap)));
}
