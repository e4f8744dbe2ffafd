//! Every option of `#[tokio::test]`, and every one of this crate's own, does what it says.

use std::sync::atomic::{AtomicUsize, Ordering};

use standstill::{assert_elapsed, clock, prelude::*};
use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::time::sleep;

fn flavor() -> RuntimeFlavor {
    Handle::current().runtime_flavor()
}

#[async_test(flavor = "current_thread")]
async fn current_thread_is_the_runtime_of_one_thread() {
    sleep(1.hours()).await;

    assert_eq!(flavor(), RuntimeFlavor::CurrentThread);
    assert_elapsed!(1.hours());
}

#[async_test(flavor = "local")]
async fn local_is_the_runtime_of_one_thread_too() {
    sleep(1.hours()).await;

    assert_eq!(flavor(), RuntimeFlavor::CurrentThread);
    assert_elapsed!(1.hours());
}

#[async_test(flavor = "multi_thread")]
async fn multi_thread_is_the_runtime_of_several_threads() {
    assert_eq!(flavor(), RuntimeFlavor::MultiThread);
}

#[async_test(flavor = "multi_thread", worker_threads = 3)]
async fn worker_threads_says_how_many() {
    assert_eq!(Handle::current().metrics().num_workers(), 3);
}

#[async_test(start_paused = true)]
async fn start_paused_is_taken() {
    sleep(1.hours()).await;

    assert_elapsed!(1.hours());
}

#[async_test(start_paused = false)]
async fn start_paused_is_taken_with_false_too() {
    sleep(1.hours()).await;

    assert_elapsed!(1.hours());
}

#[async_test(name = "the shop")]
async fn name_is_the_name_of_the_runtime() {
    assert_eq!(Handle::current().name(), Some("the shop"));
}

#[async_test(crate = "::tokio")]
async fn crate_is_taken() {
    sleep(1.hours()).await;

    assert_elapsed!(1.hours());
}

#[async_test(unhandled_panic = "ignore", task_panics = "allow")]
async fn unhandled_panic_may_be_ignored() {
    let lost = tokio::spawn(async { panic!("nobody joins this") });

    sleep(1.hours()).await;

    assert!(lost.is_finished());
}

#[async_test(unhandled_panic = "shutdown_runtime")]
async fn unhandled_panic_may_end_the_test() {
    let joined = tokio::spawn(sleep(1.hours()));

    assert!(joined.await.is_ok());
    assert_elapsed!(1.hours());
}

#[async_test(
    flavor = "current_thread",
    start_paused = false,
    unhandled_panic = "ignore",
    name = "all",
    crate = "tokio"
)]
async fn the_options_of_tokio_go_together() {
    assert_eq!(Handle::current().name(), Some("all"));
}

#[async_test(
    timeout = "1h 30m",
    wall_timeout = "20s",
    leaks = "deny",
    task_panics = "warn",
    stuck_after = 1_000,
    time = "virtual"
)]
async fn the_own_options_go_together() {
    sleep(90.mins() - 1.millis()).await;

    assert_elapsed!(90.mins() - 1.millis());
}

#[async_test(time = "real")]
async fn real_time_does_not_jump() {
    sleep(1.millis()).await;

    assert!(clock::jumps().is_empty());
}

#[async_test(leaks = "allow")]
async fn leaks_may_be_allowed() {
    tokio::spawn(sleep(1.hours()));
}

#[async_test(seed = 0x2a)]
async fn a_seed_may_be_hexadecimal() {
    sleep(1.hours()).await;

    assert_elapsed!(1.hours());
}

#[async_test(random = "real", time = "real")]
async fn randomness_may_be_real() {}

#[async_test(random = "seeded", check_determinism = false)]
async fn randomness_follows_the_seed_anyway() {}

#[async_test(seed = 1, seeds = 2, check_determinism = true, random = "seeded")]
async fn seeds_and_the_check_go_together() {
    sleep(1.hours()).await;

    assert_elapsed!(1.hours());
}

#[async_test(seeds = 2)]
#[ignore = "it is for --ignored, which the processes of its own know"]
async fn seeds_go_with_ignore() {}

/// Passes this crate on under another path, and counts the tests that take it there.
mod facade {
    use super::{AtomicUsize, Ordering};

    pub(crate) use standstill::*;

    pub(crate) static BUILDERS: AtomicUsize = AtomicUsize::new(0);

    pub(crate) struct Builder;

    impl Builder {
        #[expect(clippy::new_ret_no_self, reason = "it stands in for the crate's own")]
        pub(crate) fn new() -> standstill::Builder {
            BUILDERS.fetch_add(1, Ordering::Relaxed);
            standstill::Builder::new()
        }
    }
}

#[facade::test(standstill = "crate::facade", time = "virtual", leaks = "deny", flavor = "current_thread")]
async fn standstill_is_the_path_of_this_crate() {
    sleep(1.hours()).await;

    assert_elapsed!(1.hours());
    assert_eq!(facade::BUILDERS.load(Ordering::Relaxed), 1);
}
