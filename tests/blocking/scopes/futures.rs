use standstill::blocking::BlockingExt as _;
use standstill::prelude::*;
use standstill::{Builder, Flavor};
use tokio::task::yield_now;
use tokio::time::sleep;

use super::{found, pause};

#[test]
fn a_future_that_is_allowed_to_may_block_in_each_poll() {
    let found = found(async || {
        async {
            pause();
            sleep(1.secs()).await;
            pause();
        }
        .allow_blocking("a slow driver")
        .await;
    });

    assert_eq!(found, 0);
}

#[test]
fn another_task_that_runs_in_between_is_allowed_nothing() {
    let found = found(async || {
        let allowed = tokio::spawn(
            async {
                for _ in 0..3 {
                    pause();
                    yield_now().await;
                }
            }
            .allow_blocking("a slow driver"),
        );
        let other = tokio::spawn(async {
            yield_now().await;
            pause();
        });
        allowed.await.unwrap();
        other.await.unwrap();
    });

    assert_eq!(found, 1);
}

#[test]
fn the_code_after_an_allowed_future_is_allowed_nothing() {
    let found = found(async || {
        async { pause() }.allow_blocking("a slow driver").await;
        pause();
    });

    assert_eq!(found, 1);
}

#[test]
fn what_an_allowed_future_spawns_is_allowed_nothing() {
    let found = found(async || {
        async { tokio::spawn(async { pause() }).await.unwrap() }.allow_blocking("a slow driver").await;
    });

    assert_eq!(found, 1);
}

#[test]
fn a_future_that_is_denied_to_is_found_inside_an_allowed_one() {
    let found = found(async || {
        async {
            pause();
            async { pause() }.deny_blocking().await;
            pause();
        }
        .allow_blocking("a slow driver")
        .await;
    });

    assert_eq!(found, 1);
}

#[test]
fn the_scope_moves_with_its_task_from_thread_to_thread() {
    let builder = Builder::new().flavor(Flavor::MultiThread).worker_threads(3);
    let tasks = async || {
        let tasks = (0..6).map(|_| {
            let moves = async {
                for _ in 0..20 {
                    pause();
                    sleep(1.millis()).await;
                }
            };
            tokio::spawn(moves.allow_blocking("a slow driver"))
        });
        futures::future::join_all(tasks).await;
    };

    builder.try_run(tasks).unwrap();
}

/// Blocks when it is dropped.
struct Slow;

impl Drop for Slow {
    fn drop(&mut self) {
        pause();
    }
}

#[test]
fn an_allowed_future_may_block_when_it_is_dropped_unfinished() {
    let found = found(async || {
        let waits = async {
            let _slow = Slow;
            std::future::pending::<()>().await;
        };
        let task = tokio::spawn(waits.allow_blocking("a slow driver"));
        yield_now().await;
        task.abort();
        assert!(task.await.unwrap_err().is_cancelled());
    });

    assert_eq!(found, 0);
}

#[test]
fn a_denied_future_is_found_when_it_is_dropped_unfinished() {
    let found = found(async || {
        let waits = async {
            let _slow = Slow;
            std::future::pending::<()>().await;
        };
        let task = tokio::spawn(waits.deny_blocking());
        yield_now().await;
        task.abort();
        assert!(task.await.unwrap_err().is_cancelled());
    });

    assert_eq!(found, 1);
}

#[test]
fn a_panic_of_an_allowed_future_ends_the_scope() {
    use futures::FutureExt as _;

    let found = found(async || {
        let broken = async { panic!("the driver is broken") }.allow_blocking("a slow driver");
        assert!(std::panic::AssertUnwindSafe(broken).catch_unwind().await.is_err());
        pause();
    });

    assert_eq!(found, 1);
}
