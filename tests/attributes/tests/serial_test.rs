//! With `serial_test`, above or below, tests run one at a time.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use serial_test::serial;
use standstill::{assert_elapsed, clock, prelude::*};
use tokio::time::sleep;

static TESTS_AT_WORK: AtomicUsize = AtomicUsize::new(0);

/// Stays alone for long enough that others would come in, if they could.
async fn work_alone() {
    assert_eq!(TESTS_AT_WORK.fetch_add(1, Ordering::SeqCst), 0);
    for _ in 0..200 {
        thread::yield_now();
        tokio::task::yield_now().await;
    }
    assert_eq!(TESTS_AT_WORK.fetch_sub(1, Ordering::SeqCst), 1);
}

macro_rules! tests {
    ($($name:ident)*) => {$(
        mod $name {
            use super::*;

            #[serial]
            #[async_test]
            async fn serial_above() {
                work_alone().await;

                // The wait for the lock, which is a timed one, is part of the test here.
                assert_eq!(clock::timed(sleep(1.hours())).await.1, 1.hours());
            }

            #[async_test]
            #[serial]
            async fn serial_below() {
                work_alone().await;

                sleep(1.hours()).await;
                assert_elapsed!(1.hours());
            }

            #[serial]
            #[standstill::test]
            async fn serial_above_with_a_result() -> Result<(), std::fmt::Error> {
                work_alone().await;
                Ok(())
            }

            #[standstill::test]
            #[serial]
            async fn serial_below_with_a_result() -> Result<(), std::fmt::Error> {
                work_alone().await;
                Ok(())
            }
        }
    )*};
}

tests!(first second third);
