//! std's clocks, and every way in which a thread of std waits for a while.

use std::sync::mpsc::{RecvTimeoutError, channel, sync_channel};
use std::sync::{Arc, Barrier, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use standstill::prelude::*;
use tokio::runtime;
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::sleep;

#[async_test]
async fn std_s_clocks_go_with_tokio_s() {
    let (instant, system) = (Instant::now(), SystemTime::now());

    sleep(1.hours()).await;

    assert_eq!(instant.elapsed(), 1.hours());
    assert_eq!(system.elapsed().unwrap(), 1.hours());
}

#[async_test]
async fn work_takes_no_time() {
    let begin = Instant::now();

    let text = (0..100_000).map(|number| number.to_string()).collect::<String>();

    assert_eq!(text.len(), 488_890);
    assert_eq!(begin.elapsed(), Duration::ZERO);
}

#[async_test(blocking = "allow")]
async fn a_thread_sleeps_an_hour() {
    thread::sleep(1.hours());

    assert_elapsed!(1.hours());
}

#[async_test]
async fn tasks_and_threads_see_one_clock() {
    let begin = Instant::now();

    let thread = thread::spawn(move || {
        thread::sleep(2500.micros());
        let first = begin.elapsed();
        thread::sleep(2.secs());
        (first, begin.elapsed())
    });
    sleep(1.secs()).await;
    assert_eq!(begin.elapsed(), 1.secs());
    let seen = spawn_blocking(|| thread.join().unwrap()).await.unwrap();

    assert_eq!(seen, (2500.micros(), 2_002_500.micros()));
    assert_eq!(begin.elapsed(), 2_002_500.micros());
}

#[async_test(blocking = "allow")]
async fn threads_sleep_side_by_side() {
    thread::scope(|scope| {
        for seconds in 1..=20 {
            scope.spawn(move || thread::sleep(seconds.secs()));
        }
    });

    assert_elapsed!(20.secs());
}

#[async_test(blocking = "allow")]
async fn a_parked_thread_wakes_at_its_timeout_or_when_it_is_unparked() {
    thread::park_timeout(5.secs());
    assert_elapsed!(5.secs());

    let parked = thread::current();
    thread::scope(|scope| {
        scope.spawn(|| {
            thread::sleep(2.secs());
            parked.unpark();
        });
        thread::park_timeout(1.hours());
    });
    assert_elapsed!(7.secs());
}

#[async_test(blocking = "allow")]
async fn a_channel_s_receiver_gives_up_at_its_timeout() {
    let (sender, receiver) = channel();
    let sending = thread::spawn(move || {
        thread::sleep(3.secs());
        sender.send(7).unwrap();
    });

    assert_eq!(receiver.recv_timeout(2.secs()), Err(RecvTimeoutError::Timeout));
    assert_elapsed!(2.secs());
    assert_eq!(receiver.recv_timeout(2.secs()), Ok(7));
    assert_elapsed!(3.secs());
    sending.join().unwrap();
    assert_eq!(receiver.recv_timeout(2.secs()), Err(RecvTimeoutError::Disconnected));
    assert_elapsed!(3.secs());
}

#[async_test(blocking = "allow")]
async fn a_full_channel_holds_its_sender_back() {
    let (sender, receiver) = sync_channel(1);

    let producer = thread::spawn(move || {
        let begin = Instant::now();
        for order in 0..5 {
            sender.send(order).unwrap();
        }
        begin.elapsed()
    });
    let mut orders = Vec::new();
    for _ in 0..5 {
        thread::sleep(1.secs());
        orders.push(receiver.recv().unwrap());
    }

    assert_eq!(orders, [0, 1, 2, 3, 4]);
    assert_eq!(producer.join().unwrap(), 4.secs());
    assert_elapsed!(5.secs());
}

#[async_test(blocking = "allow")]
async fn a_condvar_waits_until_its_timeout() {
    let (mutex, condvar) = (Mutex::new(()), Condvar::new());

    let (_guard, result) = condvar.wait_timeout_while(mutex.lock().unwrap(), 5.secs(), |()| true).unwrap();

    assert!(result.timed_out());
    assert_elapsed!(5.secs());
}

#[async_test(blocking = "allow")]
async fn a_condvar_wakes_when_it_is_notified() {
    let (open, condvar) = (Mutex::new(false), Condvar::new());

    thread::scope(|scope| {
        scope.spawn(|| {
            thread::sleep(2.secs());
            *open.lock().unwrap() = true;
            condvar.notify_all();
        });
        let guard = open.lock().unwrap();
        let (guard, result) = condvar.wait_timeout_while(guard, 5.secs(), |open| !*open).unwrap();
        assert!(*guard && !result.timed_out());
        assert_elapsed!(2.secs());
    });
}

#[async_test(blocking = "allow")]
async fn a_barrier_waits_for_the_slowest() {
    let barrier = Arc::new(Barrier::new(4));
    let begin = Instant::now();

    let threads = [1, 2, 3].map(|seconds| {
        let barrier = Arc::clone(&barrier);
        thread::spawn(move || {
            thread::sleep(seconds.secs());
            barrier.wait();
            begin.elapsed()
        })
    });
    barrier.wait();
    assert_elapsed!(3.secs());

    assert_eq!(threads.map(|thread| thread.join().unwrap()), [3.secs(); 3]);
}

#[async_test(blocking = "allow")]
async fn a_lock_that_is_held_while_sleeping_puts_the_threads_in_a_row() {
    let till = Mutex::new(0);

    thread::scope(|scope| {
        for _ in 0..10 {
            scope.spawn(|| {
                let mut customers = till.lock().unwrap();
                thread::sleep(1.secs());
                *customers += 1;
            });
        }
    });

    assert_eq!(till.into_inner().unwrap(), 10);
    assert_elapsed!(10.secs());
}

#[async_test(blocking = "allow")]
async fn a_loop_that_polls_ends_at_its_deadline() {
    let (mut polls, begin) = (0, Instant::now());

    while begin.elapsed() < 1.secs() {
        polls += 1;
        thread::sleep(100.millis());
    }

    assert_eq!(polls, 10);
    assert_elapsed!(1.secs());
}

#[async_test]
async fn a_second_runtime_on_its_own_thread_has_the_same_time() {
    let begin = Instant::now();

    let thread = thread::spawn(move || {
        let runtime = runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async { sleep(3.secs()).await });
        begin.elapsed()
    });
    sleep(2.secs()).await;
    assert_eq!(begin.elapsed(), 2.secs());

    assert_eq!(spawn_blocking(|| thread.join().unwrap()).await.unwrap(), 3.secs());
    assert_eq!(begin.elapsed(), 3.secs());
}

#[async_test]
async fn a_runtime_of_many_threads_has_the_same_time() {
    let begin = Instant::now();

    let thread = thread::spawn(move || {
        let runtime = runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build().unwrap();
        runtime.block_on(async {
            let mut naps = JoinSet::new();
            for millis in 1..=1_000 {
                naps.spawn(sleep(millis.millis()));
            }
            naps.join_all().await;
        });
        begin.elapsed()
    });

    assert_eq!(spawn_blocking(|| thread.join().unwrap()).await.unwrap(), 1.secs());
}
