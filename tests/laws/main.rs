//! The laws of a bubble in which everything is virtual, on programs made at random.
#![cfg(all(feature = "os", target_os = "linux", target_env = "gnu"))]

mod carrier;
mod io;
mod issues;
mod locks;
mod moments;
mod orphans;
mod program;
mod script;

use std::time::Duration;

use program::{Kind, Program, programs};
use proptest::prelude::*;
use standstill::blocking::Policy;
use standstill::{Builder, Flavor, Level};

/// Runs a program, and holds it against its plan.
fn obey(program: &Program) -> Result<(), TestCaseError> {
    let mut builder = Builder::new().blocking(Policy::all(Level::Allow)).wall_timeout(Duration::from_secs(20));
    if let Some(workers) = program.workers {
        builder = builder.flavor(Flavor::MultiThread).worker_threads(workers);
    }
    let (expected, course) = builder.run(async || {
        let mut plan = program.plan();
        let course = script::run(&mut plan).await;
        (plan.expected, course)
    });
    for (actor, (course, expected)) in course.iter().zip(&expected).enumerate() {
        prop_assert_eq!(course, expected, "actor {}", actor);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn threads_end_each_step_when_the_model_says(program in programs(Just(None), Just(Kind::Thread))) {
        obey(&program)?;
    }

    #[test]
    fn tasks_jobs_and_runtimes_of_any_kind_do_so_too(
        program in programs(
            prop_oneof![Just(None), (2..5_usize).prop_map(Some)],
            prop_oneof![
                Just(Kind::Thread),
                Just(Kind::Job),
                Just(Kind::Task),
                Just(Kind::BlockedJob),
                Just(Kind::InPlace),
                (0..3_usize).prop_map(Kind::Runtime),
            ],
        )
    ) {
        obey(&program)?;
    }
}
