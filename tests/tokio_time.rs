//! tokio's own time functions inside a bubble.

use std::sync::mpsc as std_mpsc;
use std::thread;
use std::time::Duration;

use futures::StreamExt as _;
use standstill::prelude::*;
use standstill::probe::Meter;
use standstill::{assert_elapsed, clock};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio::process::Command;
use tokio::sync::oneshot;
use tokio::time::{self, Instant, MissedTickBehavior, interval, interval_at, sleep, sleep_until, timeout, timeout_at};
use tokio_util::time::DelayQueue;

#[async_test(start_paused = true)]
async fn tokio_s_advance_moves_the_clock_in_one_step() {
    let ticks = Meter::new();
    tokio::spawn({
        let ticks = ticks.clone();
        async move {
            loop {
                sleep(30.millis()).await;
                ticks.tick();
            }
        }
    });
    clock::settle().await;

    time::advance(100.millis()).await;
    clock::settle().await;

    assert_elapsed!(100.millis());
    assert_eq!(ticks.instants(), [100.millis()]);
}

#[async_test(start_paused = true)]
async fn tokio_s_advance_works_on_a_frozen_clock() {
    let _frozen = clock::freeze();

    time::advance(1500.millis()).await;

    assert_elapsed!(1500.millis());
}

#[async_test(start_paused = true)]
async fn a_frozen_test_is_not_stuck_after_tokio_s_advance() {
    let _frozen = clock::freeze();
    tokio::task::yield_now().await;

    time::advance(1500.millis()).await;
    clock::settle().await;

    assert_eq!(tokio::task::spawn_blocking(clock::elapsed).await.unwrap(), 1500.millis());
}

#[async_test(start_paused = true)]
async fn the_clock_goes_on_from_where_tokio_s_advance_left_it() {
    time::advance(1.hours()).await;
    sleep(1.secs()).await;

    assert_elapsed!(3601.secs());
}

#[async_test]
async fn sleep_until_ends_at_its_instant_and_at_once_if_it_has_passed() {
    let start = Instant::now();

    sleep_until(start + 5.secs()).await;
    assert_elapsed!(5.secs());

    sleep_until(start + 3.secs()).await;
    assert_elapsed!(5.secs());
}

#[async_test]
async fn a_sleep_that_is_reset_ends_at_the_new_instant() {
    let mut sleeping = Box::pin(sleep(1.hours()));

    assert!(timeout(1.secs(), &mut sleeping).await.is_err());
    sleeping.as_mut().reset(Instant::now() + 4.secs());
    sleeping.await;

    assert_elapsed!(5.secs());
}

#[async_test]
async fn a_timeout_fires_at_its_limit() {
    assert!(timeout(5.secs(), sleep(1.hours())).await.is_err());
    assert_elapsed!(5.secs());

    assert!(timeout_at(Instant::now() + 2.secs(), sleep(1.hours())).await.is_err());
    assert_elapsed!(7.secs());
}

#[async_test]
async fn a_future_that_is_done_at_the_very_limit_is_in_time() {
    assert!(timeout(5.secs(), sleep(5.secs())).await.is_ok());
    assert_elapsed!(5.secs());
}

#[async_test]
async fn a_limit_without_end_never_fires() {
    assert!(timeout(Duration::MAX, sleep(300.days())).await.is_ok());
    assert_elapsed!(300.days());
}

/// The instants of five ticks of a second, when the work after the first takes two and a half seconds.
async fn ticks_with_slow_work(missed: MissedTickBehavior) -> Vec<Duration> {
    let ticks = Meter::new();
    let mut interval = interval(1.secs());
    interval.set_missed_tick_behavior(missed);

    for number in 0..5 {
        interval.tick().await;
        ticks.tick();
        if number == 0 {
            sleep(2500.millis()).await;
        }
    }
    ticks.instants()
}

#[async_test]
async fn an_interval_that_bursts_makes_up_for_missed_ticks() {
    let ticks = ticks_with_slow_work(MissedTickBehavior::Burst).await;

    assert_eq!(ticks, [0, 2500, 2500, 3000, 4000].map(u64::millis));
}

#[async_test]
async fn an_interval_that_delays_starts_anew_from_the_late_tick() {
    let ticks = ticks_with_slow_work(MissedTickBehavior::Delay).await;

    assert_eq!(ticks, [0, 2500, 3500, 4500, 5500].map(u64::millis));
}

#[async_test]
async fn an_interval_that_skips_keeps_its_beat() {
    let ticks = ticks_with_slow_work(MissedTickBehavior::Skip).await;

    assert_eq!(ticks, [0, 2500, 3000, 4000, 5000].map(u64::millis));
}

#[async_test]
async fn an_interval_starts_when_it_is_told_to() {
    let start = Instant::now();
    let mut interval = interval_at(start + 10.secs(), 1.mins());

    let mut ticks = Vec::new();
    for _ in 0..3 {
        ticks.push(interval.tick().await - start);
    }

    assert_eq!(ticks, [10, 70, 130].map(u64::secs));
    assert_elapsed!(130.secs());
}

#[async_test]
async fn a_year_of_an_interval_is_a_jump_an_hour() {
    let mut interval = interval(1.hours());

    for _ in 0..=365 * 24 {
        interval.tick().await;
    }

    assert_elapsed!(365.days());
    assert_eq!(clock::jumps().len(), 365 * 24);
}

#[async_test]
async fn a_delay_queue_gives_its_items_when_they_expire() {
    let mut queue = DelayQueue::new();
    queue.insert("c", 3.secs());
    queue.insert("a", 1.secs());
    let moved = queue.insert("b", 1.hours());
    let removed = queue.insert("never", 2.secs());
    queue.reset(&moved, 2.secs());
    queue.remove(&removed);

    let mut expired = Vec::new();
    while let Some(item) = queue.next().await {
        expired.push((item.into_inner(), clock::elapsed()));
    }

    assert_eq!(expired, [("a", 1.secs()), ("b", 2.secs()), ("c", 3.secs())]);
}

#[async_test]
async fn tokio_s_instant_stands_still_between_jumps() {
    let start = Instant::now();
    let mut sum = 0_u64;
    for n in 0..100_000 {
        sum = std::hint::black_box(sum + n);
    }
    tokio::task::yield_now().await;

    assert_eq!(Instant::now(), start);
    assert_eq!(start.elapsed(), Duration::ZERO);
}

#[async_test(start_paused = true)]
#[should_panic(expected = "time is already frozen")]
async fn tokio_s_pause_panics_for_the_clock_is_paused_from_the_start() {
    time::pause();
}

#[async_test(start_paused = true)]
async fn tokio_s_option_start_paused_changes_nothing() {
    sleep(1.hours()).await;

    assert_elapsed!(1.hours());
}

#[test]
fn a_loopback_connection_never_runs_into_a_timeout() {
    for _ in 0..200 {
        let elapsed = standstill::run(async || {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            tokio::spawn(async move {
                let (mut server, _) = timeout(5.secs(), listener.accept()).await.unwrap().unwrap();
                while let Ok(number) = timeout(5.secs(), server.read_u64()).await.unwrap() {
                    timeout(5.secs(), server.write_u64(number * 2)).await.unwrap().unwrap();
                }
            });
            let mut client = timeout(5.secs(), TcpStream::connect(address)).await.unwrap().unwrap();
            for number in 0..20 {
                timeout(5.secs(), client.write_u64(number)).await.unwrap().unwrap();
                assert_eq!(timeout(5.secs(), client.read_u64()).await.unwrap().unwrap(), number * 2);
            }
            clock::elapsed()
        });

        assert_eq!(elapsed, Duration::ZERO);
    }
}

#[async_test]
async fn a_large_transfer_takes_no_time() {
    const SIZE: usize = 8 << 20;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let received = tokio::spawn(async move {
        let (mut server, _) = listener.accept().await.unwrap();
        let mut bytes = Vec::new();
        timeout(5.secs(), server.read_to_end(&mut bytes)).await.unwrap().unwrap();
        bytes.len()
    });

    let mut client = TcpStream::connect(address).await.unwrap();
    client.write_all(&vec![7; SIZE]).await.unwrap();
    drop(client);

    assert_eq!(received.await.unwrap(), SIZE);
    assert_elapsed!(0.secs());
}

#[async_test]
async fn a_server_s_delays_are_virtual_and_its_client_s_timeouts_exact() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut server, _) = listener.accept().await.unwrap();
        while let Ok(seconds) = server.read_u64().await {
            sleep(seconds.secs()).await;
            server.write_u64(seconds).await.unwrap();
        }
    });
    let mut client = TcpStream::connect(address).await.unwrap();

    client.write_u64(4).await.unwrap();
    assert_eq!(timeout(5.secs(), client.read_u64()).await.unwrap().unwrap(), 4);
    assert_elapsed!(4.secs());

    client.write_u64(6).await.unwrap();
    assert!(timeout(5.secs(), client.read_u64()).await.is_err());
    assert_elapsed!(9.secs());
}

#[async_test]
async fn datagrams_take_no_time() {
    let (left, right) = (UdpSocket::bind("127.0.0.1:0").await.unwrap(), UdpSocket::bind("127.0.0.1:0").await.unwrap());
    left.connect(right.local_addr().unwrap()).await.unwrap();
    right.connect(left.local_addr().unwrap()).await.unwrap();

    for number in 0..200_u8 {
        let mut buffer = [0];
        left.send(&[number]).await.unwrap();
        timeout(5.secs(), right.recv(&mut buffer)).await.unwrap().unwrap();
        right.send(&buffer).await.unwrap();
        timeout(5.secs(), left.recv(&mut buffer)).await.unwrap().unwrap();
        assert_eq!(buffer, [number]);
    }

    assert_elapsed!(0.secs());
}

#[async_test]
async fn a_blocking_job_holds_the_clock_while_it_runs() {
    let (end, ended) = std_mpsc::channel();
    tokio::spawn(async move {
        for _ in 0..1_000 {
            tokio::task::yield_now().await;
        }
        end.send("done").unwrap();
    });

    let job = timeout(1.millis(), tokio::task::spawn_blocking(move || ended.recv().unwrap())).await;

    assert_eq!(job.unwrap().unwrap(), "done");
    assert_elapsed!(0.secs());
}

#[async_test]
async fn blocking_jobs_never_lose_against_a_timeout() {
    for number in 0..1_000 {
        let job = tokio::task::spawn_blocking(move || number * 2);
        assert_eq!(timeout(1.millis(), job).await.unwrap().unwrap(), number * 2);
    }

    assert_elapsed!(0.secs());
}

#[async_test]
async fn the_clock_goes_on_when_a_blocking_job_has_ended() {
    let job = tokio::task::spawn_blocking(clock::elapsed);
    sleep(1.secs()).await;

    assert_eq!(job.await.unwrap(), Duration::ZERO);
    assert_elapsed!(1.secs());
}

#[async_test(start_paused = true)]
async fn a_thread_that_knows_nothing_of_a_paused_clock_wakes_the_body_before_that_is_taken_for_stuck() {
    let (sent, received) = oneshot::channel();
    thread::spawn(move || sent.send("done").unwrap());

    assert_eq!(received.await.unwrap(), "done");
    sleep(1.secs()).await;

    assert_elapsed!(1.secs());
}

#[async_test(start_paused = true)]
async fn a_child_process_wakes_the_body_before_that_is_taken_for_stuck() {
    assert!(Command::new("true").status().await.unwrap().success());
    sleep(1.secs()).await;

    assert_elapsed!(1.secs());
}
