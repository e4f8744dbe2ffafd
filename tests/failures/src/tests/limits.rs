//! It takes too long, in virtual or in real time.

use std::sync::{Mutex, mpsc};

use standstill::{clock, prelude::*, task};
use tokio::sync::oneshot;
use tokio::task::{spawn_blocking, yield_now};
use tokio::time::sleep;

use crate::mailer::{send, send_at_last};

#[async_test(timeout = "1m")]
async fn the_mail_is_tried_for_ever() {
    send_at_last("ada").await;
}

#[async_test(timeout = "250ms")]
async fn what_ends_at_the_very_limit_is_in_time() {
    assert!(send("ada").await.is_err());
}

#[async_test]
async fn the_body_blocks_its_thread() {
    let (_answer, question) = mpsc::channel::<()>();

    question.recv().unwrap();
}

#[async_test]
async fn a_task_blocks_its_thread() {
    let (_answer, question) = mpsc::channel::<()>();
    tokio::spawn(async move { question.recv() });

    sleep(1.secs()).await;
}

#[async_test]
async fn a_named_task_blocks_its_thread() {
    let (_answer, question) = mpsc::channel::<()>();
    task::spawn("printer", async move { question.recv().is_ok() });

    sleep(1.secs()).await;
}

#[async_test(wall_timeout = "100ms")]
async fn a_stranger_outside_never_answers() {
    let (_answer, question) = oneshot::channel::<()>();

    let _hold = clock::outside("the printer answers");
    question.await.unwrap();
}

#[async_test]
async fn a_blocking_job_never_ends() {
    let (answer, question) = mpsc::channel::<()>();
    let job = spawn_blocking(move || question.recv());
    sleep(250.millis()).await;

    job.await.unwrap().unwrap();
    drop(answer);
}

#[async_test(wall_timeout = "100ms")]
async fn the_body_yields_for_ever() {
    loop {
        yield_now().await;
    }
}

#[async_test(time = "real", timeout = "50ms")]
async fn a_real_minute_is_waited_for() {
    sleep(1.mins()).await;
}

#[async_test(time = "real", wall_timeout = "50ms")]
async fn nothing_comes_on_the_real_clock() {
    std::future::pending::<()>().await;
}

#[async_test(flavor = "multi_thread", worker_threads = 2, wall_timeout = "5s")]
async fn nothing_comes_on_many_threads() {
    let (_answer, question) = oneshot::channel::<()>();
    tokio::spawn(std::future::pending::<()>());

    question.await.unwrap();
}

#[test]
fn a_body_without_the_attribute_blocks_its_thread() {
    standstill::run(async || {
        let (_answer, question) = mpsc::channel::<()>();
        question.recv().unwrap();
    });
}

#[async_test(wall_timeout = "100ms", blocking = "allow")]
async fn the_body_never_returns() {
    loop {
        std::hint::spin_loop();
    }
}

#[async_test(wall_timeout = "100ms", blocking = "allow")]
async fn a_blocking_job_never_returns() {
    spawn_blocking(|| {
        loop {
            std::hint::spin_loop();
        }
    })
    .await
    .unwrap();
}

#[async_test(wall_timeout = "100ms")]
async fn a_thread_is_left_behind_that_never_returns() {
    let spins = || {
        loop {
            std::hint::spin_loop();
        }
    };
    std::thread::Builder::new().name("dishwasher".to_owned()).spawn(spins).unwrap();
}

#[async_test(wall_timeout = "100ms")]
async fn a_thread_spins_while_the_body_sleeps() {
    use std::sync::atomic::{AtomicBool, Ordering};
    static IS_NOON: AtomicBool = AtomicBool::new(false);

    let waiter = std::thread::spawn(|| {
        while !IS_NOON.load(Ordering::Relaxed) {
            std::hint::spin_loop();
        }
    });
    std::thread::sleep(12.hours());
    IS_NOON.store(true, Ordering::Relaxed);
    waiter.join().unwrap();
}

#[async_test]
async fn the_till_is_counted_while_it_is_locked() {
    let till = Mutex::new(7);
    std::mem::forget(till.lock().unwrap());
    let counted = spawn_blocking(move || *till.lock().unwrap());

    assert_eq!(counted.await.unwrap(), 7);
}
