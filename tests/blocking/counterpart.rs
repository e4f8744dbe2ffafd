//! The others of a bubble, who end a wait in virtual time.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use tokio::task::spawn_blocking;

/// Does something on a thread of its own, a second from now.
pub(crate) fn in_a_second<T>(run: impl FnOnce() -> T + Send + 'static) {
    thread::spawn(move || {
        thread::sleep(Duration::from_secs(1));
        run();
    });
}

/// Has a thread of its own do something that it does not end before a second from now; gives back when that has begun.
pub(crate) async fn for_a_second(run: impl FnOnce(fn()) + Send + 'static) {
    thread::spawn(move || run(|| thread::sleep(Duration::from_secs(1))));
    tokio::time::sleep(Duration::from_millis(1)).await;
}

/// Makes a lock that another thread takes, and does not let go of before a second from now.
pub(crate) async fn held<L: Send + Sync + 'static>(lock: L, hold: impl FnOnce(&L, fn()) + Send + 'static) -> Arc<L> {
    let lock = Arc::new(lock);
    let shared = Arc::clone(&lock);
    for_a_second(move |nap| hold(&shared, nap)).await;
    lock
}

/// Does something where it may block.
pub(crate) async fn aside<T: Send + 'static>(run: impl FnOnce() -> T + Send + 'static) -> T {
    spawn_blocking(run).await.unwrap()
}
