use standstill::Kind;
use standstill::blocking::{Policy, allow_blocking};

use super::{pause, run};

mod legacy {
    pub(super) fn warm_up() {
        super::pause();
        // So that no optimiser takes it for another one, or for its last call.
        std::hint::black_box(1);
    }

    pub(super) mod driver {
        pub(crate) fn load() {
            super::super::pause();
            // So that no optimiser takes it for another one, or for its last call.
            std::hint::black_box(2);
        }
    }
}

mod legacy_too {
    pub(super) fn warm_up() {
        super::pause();
        // So that no optimiser takes it for another one, or for its last call.
        std::hint::black_box(3);
    }
}

const LEGACY: &str = "blocking::scopes::rules::legacy";

fn allows(rule: &str) -> Policy {
    Policy::new().allow_in(rule)
}

#[test]
fn a_function_may_block() {
    run(allows("blocking::scopes::rules::legacy::warm_up"), async || legacy::warm_up()).unwrap();
}

#[test]
fn the_functions_of_a_module_may_block() {
    run(allows(LEGACY), async || {
        legacy::warm_up();
        legacy::driver::load();
    })
    .unwrap();
}

#[test]
fn a_closure_in_an_allowed_function_may_block() {
    fn closures() {
        let wait = || pause();
        wait();
        // So that no optimiser takes it for its last call.
        std::hint::black_box(4);
    }

    run(allows("blocking::scopes::rules::a_closure_in_an_allowed_function_may_block::closures"), async || closures())
        .unwrap();
}

#[test]
fn a_module_whose_name_only_begins_the_same_may_not() {
    let failure = run(allows(LEGACY), async || {
        legacy::warm_up();
        legacy_too::warm_up();
    })
    .unwrap_err();

    assert!(failure.to_string().contains("rules::legacy_too::warm_up"), "{failure}");
}

#[test]
fn the_code_around_an_allowed_function_may_not() {
    let failure = run(allows(LEGACY), async || {
        legacy::warm_up();
        pause();
    })
    .unwrap_err();

    assert_eq!(failure.to_string().matches("blocks its thread").count(), 2, "{failure}");
}

#[test]
fn a_function_of_a_library_may_block() {
    run(allows("std::thread"), async || pause()).unwrap();
}

#[test]
fn a_function_may_be_named_as_a_report_names_it() {
    run(allows("std::thread::sleep"), async || pause()).unwrap();
}

#[standstill::async_test(blocking(allow_in = "blocking::scopes::pause"))]
async fn what_a_report_offers_for_the_whole_test_lets_it_pass() {
    pause();
}

#[test]
fn what_a_report_offers_compiles_when_it_is_pasted() {
    let closure = standstill::blocking::allow_blocking("why", || ..);
    let detector = standstill::blocking::Detector::new()
        .policy(standstill::blocking::Policy::new().allow_in("blocking::scopes::pause"));

    let report = run(Policy::new(), async || pause()).unwrap_err().to_string();

    assert!(report.contains("\n    standstill::blocking::allow_blocking(\"why\", || ..)\n"), "{report}");
    drop((closure, detector));
}

#[test]
fn what_a_report_offers_for_a_whole_run_lets_it_pass() {
    standstill::Builder::new()
        .blocking(standstill::blocking::Policy::new().allow_in("blocking::scopes::pause"))
        .run(async || pause());

    let report = run(Policy::new(), async || pause()).unwrap_err().to_string();

    let offered = "standstill::Builder::new()\
                   .blocking(standstill::blocking::Policy::new().allow_in(\"blocking::scopes::pause\")).run(..)";
    assert!(report.contains(&format!("\n    {offered}\n")), "{report}");
}

#[test]
fn a_rule_that_meets_no_call_fails_the_test() {
    let failure =
        run(allows(LEGACY).allow_in("blocking::scopes::rules::gone"), async || legacy::warm_up()).unwrap_err();

    assert_eq!(failure.kind(), Kind::Blocking);
    let report = failure.to_string();
    assert!(report.contains("\"blocking::scopes::rules::gone\""), "{report}");
    assert!(!report.contains("\"blocking::scopes::rules::legacy\""), "{report}");
}

#[test]
fn a_rule_is_used_though_a_scope_allows_the_call_already() {
    run(allows(LEGACY), async || allow_blocking("a slow driver", legacy::warm_up)).unwrap();
}

#[test]
fn two_rules_may_meet_the_same_call() {
    run(allows(LEGACY).allow_in("blocking::scopes::rules::legacy::warm_up"), async || legacy::warm_up()).unwrap();
}
