//! What a builder refuses, and what it gives where a run fails.

use standstill::{Builder, Flavor, Time, UnhandledPanic};

#[test]
#[should_panic(expected = "`start_paused` needs `Flavor::CurrentThread`, as in tokio")]
fn a_builder_refuses_a_paused_clock_of_many_threads() {
    Builder::new().flavor(Flavor::MultiThread).start_paused(true).run(async || {});
}

#[test]
#[should_panic(expected = "`Time::Real` and `start_paused` contradict each other: leave out one of them")]
fn a_builder_refuses_a_paused_real_clock() {
    Builder::new().time(Time::Real).start_paused(true).run(async || {});
}

#[test]
#[should_panic(expected = "`worker_threads` needs `Flavor::MultiThread`")]
fn a_builder_refuses_workers_of_one_thread() {
    Builder::new().worker_threads(2).run(async || {});
}

#[test]
#[should_panic(expected = "`worker_threads` takes a number above 0")]
fn a_builder_refuses_no_workers() {
    Builder::new().flavor(Flavor::MultiThread).worker_threads(0).run(async || {});
}

#[test]
#[should_panic(expected = "`unhandled_panic` needs `Flavor::CurrentThread`, as in tokio")]
fn a_builder_refuses_to_end_many_threads_at_a_panic() {
    Builder::new().flavor(Flavor::MultiThread).unhandled_panic(UnhandledPanic::ShutdownRuntime).run(async || {});
}

#[test]
fn a_failure_is_an_error_that_threads_can_share() {
    let failing = || -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        Builder::new().try_run(async || panic!("boom"))?;
        Ok(())
    };

    assert!(failing().unwrap_err().to_string().starts_with("standstill: the test panicked at 0.000 s: boom"));
}
