//! The others of a bubble, who end a wait in virtual time.

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

/// Does something where it may block.
pub(crate) async fn aside<T: Send + 'static>(run: impl FnOnce() -> T + Send + 'static) -> T {
    spawn_blocking(run).await.unwrap()
}
