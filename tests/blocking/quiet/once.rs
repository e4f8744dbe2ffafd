//! What a program does once only may wait.

use std::fs;
use std::path::Path;
use std::sync::{LazyLock, Once, OnceLock};
use std::thread;

use standstill::prelude::*;
use tokio::sync::Semaphore;

use super::{quiet, quiet_on_many_threads};

fn manifest() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml")).unwrap()
}

#[test]
fn a_lazy_lock_that_reads_a_file() {
    static MANIFEST: LazyLock<String> = LazyLock::new(manifest);

    quiet(async || assert!(MANIFEST.contains("standstill")));
}

#[test]
fn a_once_lock_that_reads_a_file() {
    static MANIFEST: OnceLock<String> = OnceLock::new();

    quiet(async || assert!(MANIFEST.get_or_init(manifest).contains("standstill")));
}

#[test]
fn a_once_that_reads_a_file() {
    static ONCE: Once = Once::new();

    quiet(async || ONCE.call_once(|| assert!(manifest().contains("standstill"))));
}

#[test]
fn waiting_for_a_lazy_lock_that_another_thread_makes() {
    static STARTED: Semaphore = Semaphore::const_new(0);
    static SLOW: LazyLock<u32> = LazyLock::new(|| {
        STARTED.add_permits(1);
        thread::sleep(1.secs());
        7
    });

    quiet(async || {
        let maker = tokio::task::spawn_blocking(|| *SLOW);
        STARTED.acquire().await.unwrap().forget();
        assert_eq!(*SLOW, 7);
        assert_elapsed!(1.secs());
        maker.await.unwrap();
    });
}

#[test]
fn tasks_on_many_threads_that_want_the_same_once_lock() {
    static MANIFEST: OnceLock<String> = OnceLock::new();

    quiet_on_many_threads(async || {
        let tasks = (0..6).map(|_| tokio::spawn(async { MANIFEST.get_or_init(manifest).len() }));
        futures::future::join_all(tasks).await;
    });
}

#[test]
fn waiting_for_a_once_of_parking_lot_that_another_thread_does() {
    static STARTED: Semaphore = Semaphore::const_new(0);
    static SLOW: parking_lot::Once = parking_lot::Once::new();

    quiet(async || {
        let maker = tokio::task::spawn_blocking(|| {
            SLOW.call_once(|| {
                STARTED.add_permits(1);
                thread::sleep(1.secs());
            });
        });
        STARTED.acquire().await.unwrap().forget();
        SLOW.call_once(|| panic!("it is done twice"));
        assert_elapsed!(1.secs());
        maker.await.unwrap();
    });
}
