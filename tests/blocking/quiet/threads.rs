//! Where a call may block, because it keeps no task waiting.

use std::fs;
use std::process::Command;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use standstill::prelude::*;
use tokio::runtime::{Builder, Handle};
use tokio::task::{block_in_place, spawn_blocking};
use tokio::time::sleep;

use super::{Line, quiet, quiet_on_many_threads};

/// Blocks in several ways.
fn block(line: &Line) {
    thread::sleep(1.secs());
    fs::read_to_string(&line.0).unwrap();
    Command::new("true").status().unwrap();
    thread::spawn(|| thread::sleep(1.secs())).join().unwrap();
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        thread::sleep(1.secs());
        sender.send(()).unwrap();
    });
    receiver.recv().unwrap();
}

#[test]
fn anything_in_spawn_blocking() {
    let line = Line::new("spawn-blocking").unwrap();

    quiet(async move || spawn_blocking(move || block(&line)).await.unwrap());
}

#[test]
fn what_a_blocking_job_s_block_on_polls() {
    async fn nap() {
        sleep(1.secs()).await;
        thread::sleep(1.secs());
    }
    async fn jobs() {
        let handle = Handle::current();
        spawn_blocking(move || handle.block_on(nap())).await.unwrap();
    }

    quiet(jobs);
    quiet_on_many_threads(async || {
        jobs().await;
        tokio::spawn(async { block_in_place(|| Handle::current().block_on(nap())) }).await.unwrap();
        block_in_place(|| Handle::current().block_on(nap()));
    });
}

#[test]
fn anything_in_block_in_place() {
    let line = Line::new("block-in-place").unwrap();

    quiet_on_many_threads(async move || {
        tokio::spawn(async move { block_in_place(move || block(&line)) }).await.unwrap();
        block_in_place(|| thread::sleep(1.secs()));
    });
}

#[test]
fn anything_on_a_thread_of_one_s_own() {
    let line = Line::new("thread").unwrap();

    quiet(async move || {
        let (done, is_done) = tokio::sync::oneshot::channel();
        thread::spawn(move || {
            block(&line);
            done.send(()).unwrap();
        });
        is_done.await.unwrap();
    });
}

#[test]
fn starting_a_thread() {
    quiet(async || drop(thread::spawn(|| ())));
}

#[test]
fn joining_a_thread_inside_spawn_blocking() {
    quiet(async || {
        let thread = thread::spawn(|| thread::sleep(1.mins()));
        spawn_blocking(|| thread.join().unwrap()).await.unwrap();
        assert_elapsed!(1.mins());
    });
}

#[test]
fn a_wait_outside_any_poll() {
    let line = Line::new("outside").unwrap();

    quiet(async move || {
        let thread = thread::spawn(move || {
            let runtime = Builder::new_current_thread().enable_all().build().unwrap();
            block(&line);
            runtime.block_on(async { tokio::time::sleep(1.secs()).await });
            block(&line);
        });
        spawn_blocking(|| thread.join().unwrap()).await.unwrap();
    });
}

#[test]
fn a_runtime_that_is_dropped_on_a_thread_of_its_own() {
    quiet(async || {
        let thread = thread::spawn(|| {
            let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
            runtime.block_on(async { tokio::time::sleep(1.secs()).await });
            runtime.shutdown_timeout(Duration::from_secs(1));
        });
        spawn_blocking(|| thread.join().unwrap()).await.unwrap();
    });
}

#[test]
fn a_runtime_that_is_shut_down_in_the_background() {
    quiet(async || {
        let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.spawn(async {}).await.unwrap();
        runtime.shutdown_background();
    });
}

async fn join_threads_that_have_ended() {
    let threads = [0, 3].map(|millis| thread::spawn(move || thread::sleep(millis.millis())));
    sleep(4.millis()).await;
    for thread in threads {
        thread.join().unwrap();
    }
}

#[test]
fn joining_threads_that_ended_at_an_earlier_instant() {
    quiet(join_threads_that_have_ended);
}

#[test]
fn joining_threads_on_many_threads_that_ended_at_an_earlier_instant() {
    quiet_on_many_threads(async || tokio::spawn(join_threads_that_have_ended()).await.unwrap());
}
