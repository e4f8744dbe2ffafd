use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;

use standstill::blocking::{Policy, allow_blocking, deny_blocking};
use standstill::{Builder, Flavor, Level};

use super::{found, pause, run};

#[test]
fn what_is_allowed_is_not_found() {
    assert_eq!(found(async || allow_blocking("a slow driver", pause)), 0);
}

#[test]
fn what_comes_after_the_scope_is_found() {
    let found = found(async || {
        allow_blocking("a slow driver", pause);
        pause();
    });

    assert_eq!(found, 1);
}

#[test]
fn what_is_denied_inside_is_found() {
    let found = found(async || {
        allow_blocking("a slow driver", || {
            pause();
            deny_blocking(pause);
            pause();
        });
    });

    assert_eq!(found, 1);
}

#[test]
fn what_is_allowed_inside_what_is_denied_is_not_found() {
    assert_eq!(found(async || deny_blocking(|| allow_blocking("a slow driver", pause))), 0);
}

#[test]
fn what_is_denied_is_found_where_the_test_allows_all() {
    let failure = run(Policy::all(Level::Allow), async || deny_blocking(pause)).unwrap_err();

    assert!(failure.to_string().contains("std::thread::sleep (1s)"), "{failure}");
}

#[test]
fn a_panic_inside_ends_the_scope() {
    let found = found(async || {
        let panicked = catch_unwind(AssertUnwindSafe(|| {
            allow_blocking("a slow driver", || -> () { panic!("the driver is broken") });
        }));
        assert!(panicked.is_err());
        pause();
    });

    assert_eq!(found, 1);
}

#[test]
fn a_scope_gives_what_its_code_gives() {
    assert_eq!(allow_blocking("nothing at all", || 7) + deny_blocking(|| 8), 15);
}

#[test]
fn a_scope_is_its_thread_s_alone() {
    let builder = Builder::new().flavor(Flavor::MultiThread).worker_threads(2);
    let failure = builder
        .try_run(async || {
            let (tell, told) = mpsc::channel();
            let allowed =
                tokio::spawn(async move { allow_blocking("it waits for the other", || told.recv().unwrap()) });
            let other = tokio::spawn(async move {
                pause();
                tell.send(()).unwrap();
            });
            allowed.await.unwrap();
            other.await.unwrap();
        })
        .unwrap_err();

    let report = failure.to_string();
    assert!(
        report.starts_with("standstill: a task blocks its thread at 0.000 s: std::thread::sleep (1s)\n"),
        "{report}"
    );
}

#[test]
fn the_report_of_another_failure_lists_what_was_allowed() {
    let failure = run(Policy::new(), async || {
        allow_blocking("a slow driver", pause);
        std::future::pending::<()>().await;
    })
    .unwrap_err();

    assert!(failure.to_string().contains("std::thread::sleep (1s), allowed: a slow driver"), "{failure}");
}
