use std::future::Future;
use std::panic::Location;

use tokio::runtime::{Handle, RuntimeFlavor};

use super::Task;
use super::watched::Watched;
use crate::bubble::{self, Event};

/// Spawns a task with a name, on the test's own thread.
///
/// It runs like one of `tokio::task::spawn_local`, so it need not be `Send`. Beyond that, the reports know it by its name and
/// show where it waits.
///
/// # Panics
///
/// Panics outside a bubble, on its blocking threads, and on the multi-thread runtime.
///
/// # Examples
///
/// ```
/// use standstill::{prelude::*, task};
///
/// standstill::run(async || {
///     let task = task::spawn("mailer", async {
///         tokio::time::sleep(2.secs()).await;
///         "sent"
///     });
///
///     assert_eq!(task.name(), "mailer");
///     assert_eq!(task.await.unwrap(), "sent");
/// });
/// ```
#[track_caller]
pub fn spawn<F>(name: impl Into<String>, future: F) -> Task<F::Output>
where
    F: Future + 'static,
{
    start(name.into(), future, Location::caller(), false)
}

/// Spawns a task, as [`spawn`] does, that is meant to live on when the test ends: it is no leak.
///
/// # Panics
///
/// Panics where [`spawn`] does.
///
/// # Examples
///
/// ```
/// use standstill::{Builder, Level, prelude::*, task};
///
/// Builder::new().leaks(Level::Deny).run(async || {
///     task::background("heartbeat", async {
///         loop {
///             tokio::time::sleep(1.secs()).await;
///         }
///     });
///     tokio::time::sleep(1.mins()).await;
/// });
/// ```
#[track_caller]
pub fn background<F>(name: impl Into<String>, future: F) -> Task<F::Output>
where
    F: Future + 'static,
{
    start(name.into(), future, Location::caller(), true)
}

#[track_caller]
pub(super) fn start<F>(
    name: String,
    future: F,
    place: &'static Location<'static>,
    is_background: bool,
) -> Task<F::Output>
where
    F: Future + 'static,
{
    let bubble = bubble::expect_current("task::spawn");
    assert!(
        Handle::try_current().is_ok_and(|handle| handle.runtime_flavor() == RuntimeFlavor::CurrentThread),
        "task::spawn, gather and wait run their tasks on the test's own thread, which flavor = \"multi_thread\" has not: \
         leave the flavor out, or use tokio::spawn and JoinSet"
    );
    let card = bubble.tasks.open(name.clone(), place, is_background);
    let watched = Watched::new(future, std::sync::Arc::clone(&bubble), std::sync::Arc::clone(&card));
    let handle = tokio::task::spawn_local(watched);
    bubble.note(Event::Spawned { task: name, id: handle.id(), place });
    Task::new(handle, card, bubble)
}
