//! Two tests at once ask the same thread for a time.

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
