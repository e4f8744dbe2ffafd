//! What a `Drop` does while a panic unwinds takes virtual time too.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use standstill::prelude::*;

use crate::time_of;

struct Sleeps;

impl Drop for Sleeps {
    fn drop(&mut self) {
        assert!(thread::panicking());
        thread::sleep(5.secs());
    }
}

struct Joins(Option<JoinHandle<()>>);

impl Drop for Joins {
    fn drop(&mut self) {
        self.0.take().unwrap().join().unwrap();
    }
}

#[async_test(blocking = "allow")]
async fn a_drop_that_sleeps_in_a_panic_takes_virtual_time() {
    let (spent, result) = time_of(|| {
        catch_unwind(|| {
            let _sleeps = Sleeps;
            panic!("on purpose");
        })
    });
    assert!(result.is_err());
    assert_eq!(spent, 5.secs());
}

#[async_test(blocking = "allow")]
async fn a_drop_that_joins_in_a_panic_takes_virtual_time() {
    let (spent, result) = time_of(|| {
        catch_unwind(|| {
            let _joins = Joins(Some(thread::spawn(|| thread::sleep(7.secs()))));
            panic!("on purpose");
        })
    });
    assert!(result.is_err());
    assert_eq!(spent, 7.secs());
}

#[async_test(blocking = "allow")]
async fn a_thread_that_panics_poisons_its_lock_at_its_time() {
    let mutex = Arc::new(Mutex::new(()));
    let panicking = thread::spawn({
        let mutex = Arc::clone(&mutex);
        move || {
            let _guard = mutex.lock().unwrap();
            thread::sleep(3.secs());
            panic!("on purpose");
        }
    });
    tokio::time::sleep(1.secs()).await;
    let (spent, result) = time_of(|| catch_unwind(AssertUnwindSafe(|| mutex.lock().is_err())));
    assert_eq!((spent, result.unwrap()), (2.secs(), true));
    assert!(panicking.join().is_err());
}
