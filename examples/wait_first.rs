//! Waiting for some of several tasks: for the first to end, for the first error, for all but not longer than that, and for
//! one after the other. What is still running is never cancelled.
//!
//! Run it by `cargo run --example wait_first`, and its tests by `cargo test --example wait_first`.

use std::time::Duration;

use standstill::task::{self, ReturnWhen, Task, as_completed, wait};
use standstill::{clock, prelude::*};
use tokio::time::sleep;

/// A server that has the file, or only says so.
#[derive(Clone, Copy)]
struct Mirror {
    name: &'static str,
    takes: Duration,
    has_file: bool,
}

#[derive(Debug, PartialEq)]
struct NotFound;

type Download = Result<&'static str, NotFound>;

impl Mirror {
    async fn download(self) -> Download {
        sleep(self.takes).await;
        if self.has_file { Ok(self.name) } else { Err(NotFound) }
    }
}

/// Starts a download from each of three mirrors.
fn downloads() -> [Task<Download>; 3] {
    [("near", 1, true), ("stale", 2, false), ("far", 3, true)].map(|(name, seconds, has_file)| {
        let mirror = Mirror { name, takes: Duration::from_secs(seconds), has_file };
        task::spawn(name, mirror.download())
    })
}

fn names(tasks: &[Task<Download>]) -> Vec<&str> {
    tasks.iter().map(Task::name).collect()
}

macro_rules! say {
    ($($what:tt)*) => { println!("{:>7.3} s  {}", clock::elapsed().as_secs_f64(), format_args!($($what)*)) };
}

fn main() {
    println!("Three mirrors: near takes 1 s, stale fails after 2 s, far takes 3 s.");
    for until in [ReturnWhen::FirstCompleted, ReturnWhen::FirstError, ReturnWhen::AllCompleted] {
        println!("\nwait until {until:?}");
        standstill::run(async || {
            let (done, pending) = wait(downloads(), until).await.unwrap();
            say!("done: {:?}, pending: {:?}", names(&done), names(&pending));
        });
    }

    println!("\nwait for all, with a timeout of 2 s: what is due at that very instant is done");
    standstill::run(async || {
        let (done, pending) = wait(downloads(), ReturnWhen::AllCompleted).timeout(2.secs()).await.unwrap();
        say!("done: {:?}, pending: {:?}", names(&done), names(&pending));
        for task in pending {
            say!("nothing was cancelled: {:?} is awaited", task.name());
            let file = task.await.unwrap();
            say!("it gives {file:?}");
        }
    });

    println!("\nas_completed: one after the other");
    standstill::run(async || {
        let mut tasks = as_completed(downloads());
        while let Some(task) = tasks.next().await {
            let name = task.name().to_owned();
            say!("{name}: {:?}", task.into_output().unwrap());
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[async_test]
    async fn the_first_to_end_ends_the_wait() {
        let (done, pending) = wait(downloads(), ReturnWhen::FirstCompleted).await.unwrap();

        assert_eq!((names(&done), names(&pending)), (vec!["near"], vec!["stale", "far"]));
        assert_elapsed!(1.secs());
    }

    #[async_test]
    async fn the_first_error_ends_the_wait() {
        let (done, pending) = wait(downloads(), ReturnWhen::FirstError).await.unwrap();

        assert_eq!((names(&done), names(&pending)), (vec!["near", "stale"], vec!["far"]));
        assert_elapsed!(2.secs());
    }

    #[async_test]
    async fn all_are_done_when_the_slowest_is() {
        let (done, pending) = wait(downloads(), ReturnWhen::AllCompleted).await.unwrap();

        assert_eq!((names(&done), names(&pending)), (vec!["near", "stale", "far"], vec![]));
        assert_elapsed!(3.secs());
    }

    #[async_test]
    async fn a_timeout_cancels_nothing_and_what_is_due_then_is_done() {
        let (done, mut pending) = wait(downloads(), ReturnWhen::AllCompleted).timeout(2.secs()).await.unwrap();

        assert_eq!(names(&done), ["near", "stale"]);
        assert_elapsed!(2.secs());
        assert_eq!(pending.remove(0).await.unwrap(), Ok("far"));
        assert_elapsed!(3.secs());
    }

    #[async_test]
    async fn as_completed_gives_each_when_it_ends() {
        let mut tasks = as_completed(downloads());

        let mut ends = Vec::new();
        while let Some(task) = tasks.next().await {
            ends.push((clock::elapsed(), task.into_output().unwrap()));
        }

        assert_eq!(ends, [(1.secs(), Ok("near")), (2.secs(), Err(NotFound)), (3.secs(), Ok("far"))]);
    }
}
