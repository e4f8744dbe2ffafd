//! Waiting as tokio does it, on many threads that want the same.

use std::sync::Arc;

use futures::future::join_all;
use standstill::prelude::*;
use tokio::sync::{Barrier, Mutex, Notify, OnceCell, RwLock, Semaphore, broadcast, mpsc, oneshot, watch};
use tokio::task::yield_now;
use tokio::time::{interval, sleep, timeout};

use super::{quiet, quiet_on_many_threads};

const TASKS: usize = 8;

#[test]
fn sleeps_intervals_and_timeouts() {
    quiet(async || {
        sleep(1.hours()).await;
        let mut ticks = interval(1.secs());
        for _ in 0..10 {
            ticks.tick().await;
        }
        assert!(timeout(1.secs(), std::future::pending::<()>()).await.is_err());
    });
}

#[test]
fn a_tokio_mutex_that_many_want() {
    quiet_on_many_threads(async || {
        let mutex = Arc::new(Mutex::new(0));
        let tasks = (0..TASKS).map(|_| {
            let mutex = Arc::clone(&mutex);
            tokio::spawn(async move {
                for _ in 0..20 {
                    let mut count = mutex.lock().await;
                    yield_now().await;
                    *count += 1;
                }
            })
        });
        join_all(tasks).await;
        assert_eq!(*mutex.lock().await, TASKS * 20);
    });
}

#[test]
fn a_tokio_rwlock_that_many_want() {
    quiet_on_many_threads(async || {
        let rwlock = Arc::new(RwLock::new(0));
        let tasks = (0..TASKS).map(|_| {
            let rwlock = Arc::clone(&rwlock);
            tokio::spawn(async move {
                for _ in 0..20 {
                    drop(rwlock.read().await);
                    *rwlock.write().await += 1;
                }
            })
        });
        join_all(tasks).await;
    });
}

#[test]
fn a_tokio_semaphore_that_many_want() {
    quiet_on_many_threads(async || {
        let semaphore = Arc::new(Semaphore::new(2));
        let tasks = (0..TASKS).map(|_| {
            let semaphore = Arc::clone(&semaphore);
            tokio::spawn(async move {
                let _permit = semaphore.acquire().await.unwrap();
                sleep(1.secs()).await;
            })
        });
        join_all(tasks).await;
    });
}

#[test]
fn a_notify_and_a_tokio_barrier_that_many_wait_for() {
    quiet_on_many_threads(async || {
        let (notify, barrier) = (Arc::new(Notify::new()), Arc::new(Barrier::new(TASKS)));
        let tasks: Vec<_> = (0..TASKS)
            .map(|_| {
                let (notify, barrier) = (Arc::clone(&notify), Arc::clone(&barrier));
                tokio::spawn(async move {
                    notify.notified().await;
                    barrier.wait().await;
                })
            })
            .collect();
        sleep(1.secs()).await;
        notify.notify_waiters();
        join_all(tasks).await;
    });
}

#[test]
fn tokio_s_channels_between_many_threads() {
    quiet_on_many_threads(async || {
        let (sender, mut receiver) = mpsc::channel(1);
        let (shout, _) = broadcast::channel(64);
        let (state, seen) = watch::channel(0);
        for number in 0..TASKS {
            let (sender, mut ear, mut seen) = (sender.clone(), shout.subscribe(), seen.clone());
            tokio::spawn(async move {
                seen.wait_for(|state| *state == 1).await.unwrap();
                ear.recv().await.unwrap();
                let (answer, answered) = oneshot::channel();
                sender.send((number, answer)).await.unwrap();
                answered.await.unwrap();
            });
        }
        drop(sender);
        state.send(1).unwrap();
        shout.send(()).unwrap();
        while let Some((_, answer)) = receiver.recv().await {
            answer.send(()).unwrap();
        }
    });
}

#[test]
fn a_tokio_once_cell_that_many_want() {
    quiet_on_many_threads(async || {
        let cell = Arc::new(OnceCell::new());
        let tasks = (0..TASKS).map(|_| {
            let cell = Arc::clone(&cell);
            tokio::spawn(async move { *cell.get_or_init(async || sleep(1.secs()).await).await })
        });
        join_all(tasks).await;
    });
}

#[test]
fn many_tasks_that_are_spawned_and_aborted_across_threads() {
    quiet_on_many_threads(async || {
        for _ in 0..100 {
            let task = tokio::spawn(async {
                tokio::spawn(async {}).await.unwrap();
                std::future::pending::<()>().await;
            });
            yield_now().await;
            task.abort();
            assert!(task.await.unwrap_err().is_cancelled());
        }
    });
}

#[test]
fn a_select_a_join_set_and_a_local_set() {
    quiet(async || {
        let mut tasks = tokio::task::JoinSet::new();
        for number in 0..5 {
            tasks.spawn(sleep(number.secs()));
        }
        while tasks.join_next().await.is_some() {}
        let local = tokio::task::LocalSet::new();
        local.run_until(async { tokio::task::spawn_local(sleep(1.secs())).await.unwrap() }).await;
        tokio::select! {
            () = sleep(1.secs()) => {}
            () = sleep(2.secs()) => {}
        }
    });
}
