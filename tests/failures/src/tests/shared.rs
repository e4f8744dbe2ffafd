//! Several tests ask the same thread for a time.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread;

use standstill::{clock, prelude::*};

static IS_OVER: AtomicBool = AtomicBool::new(false);

#[test]
fn the_kitchen_timer_rings_for_two_shops() {
    let (give, timer) = mpsc::channel();
    let (close, is_closed) = mpsc::channel::<()>();
    let first = thread::spawn(|| {
        standstill::run(async move || {
            let _hold = clock::outside("the other shop");
            let rings = || {
                while !IS_OVER.load(Ordering::Relaxed) {
                    thread::park_timeout(1.hours());
                }
            };
            let timer = thread::Builder::new().name("kitchen timer".to_owned()).spawn(rings).unwrap();
            clock::settle().await;
            give.send(timer.thread().clone()).unwrap();
            tokio::task::spawn_blocking(move || is_closed.recv()).await.unwrap().unwrap_err();
        });
    });
    let timer = timer.recv().unwrap();

    standstill::run(async || timer.unpark());

    IS_OVER.store(true, Ordering::Relaxed);
    drop(close);
    timer.unpark();
    first.join().unwrap();
}

/// The thread is a library's, which starts it where it is first needed.
#[test]
fn the_bookbinder_waits_for_a_timer_of_another_shop() {
    standstill::run(async || {
        let rings = || {
            while !IS_OVER.load(Ordering::Relaxed) {
                thread::park();
            }
        };
        thread::Builder::new().name("async-io".to_owned()).spawn(rings).unwrap();
    });

    standstill::run(async || std::future::pending::<()>().await);
}
