//! What others' clocks got wrong, by the numbers of the issues that tell of it.

use std::cell::RefCell;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::{Condvar, Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use standstill::{assert_elapsed, async_test, prelude::*};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};

/// A server on an OS thread that thinks before each answer.
fn slow_server(thinks: Duration) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            thread::spawn(move || {
                while stream.read_exact(&mut [0; 4]).is_ok() {
                    thread::sleep(thinks);
                    stream.write_all(b"pong").unwrap();
                }
            });
        }
    });
    address
}

async fn ask(stream: &mut TcpStream) {
    stream.write_all(b"ping").await.unwrap();
    let mut answer = [0; 4];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"pong");
}

#[async_test]
async fn tokio_4522_a_timeout_around_real_io_does_not_fire_before_the_io_is_done() {
    let address = slow_server(Duration::ZERO);
    let mut stream = timeout(1.secs(), TcpStream::connect(address)).await.unwrap().unwrap();
    for _ in 0..100 {
        timeout(1.millis(), ask(&mut stream)).await.unwrap();
    }
    assert_elapsed!(Duration::ZERO);
}

#[async_test]
async fn tokio_6113_time_does_not_pass_while_a_connection_is_made() {
    let address = slow_server(2.secs());
    let mut stream = timeout(1.millis(), TcpStream::connect(address)).await.unwrap().unwrap();
    assert!(timeout(1.secs(), ask(&mut stream)).await.is_err());
    assert_elapsed!(1.secs());
}

#[async_test]
async fn tokio_8232_sockets_of_one_runtime_lose_no_time() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        while stream.read_exact(&mut [0; 4]).await.is_ok() {
            stream.write_all(b"pong").await.unwrap();
        }
    });
    let mut stream = TcpStream::connect(address).await.unwrap();
    for _ in 0..100 {
        timeout(1.millis(), ask(&mut stream)).await.unwrap();
    }
    assert_elapsed!(Duration::ZERO);
}

#[async_test]
async fn reqwest_2783_a_request_that_is_answered_in_time_does_not_time_out() {
    let address = slow_server(29.secs());
    let request = async {
        let mut stream = TcpStream::connect(address).await.unwrap();
        ask(&mut stream).await;
    };
    timeout(30.secs(), request).await.unwrap();
    assert_elapsed!(29.secs());
}

#[async_test]
async fn hyper_3950_std_s_clock_and_tokio_s_are_one() {
    let address = slow_server(3.secs());
    let (std, tokio) = (Instant::now(), tokio::time::Instant::now());
    let mut stream = TcpStream::connect(address).await.unwrap();
    for round in 1..5_u32 {
        ask(&mut stream).await;
        sleep(1.secs()).await;
        assert_eq!(std.elapsed(), 4.secs() * round);
        assert_eq!(tokio.elapsed(), 4.secs() * round);
        assert_eq!(tokio::time::Instant::now().into_std(), Instant::now());
    }
}

#[async_test]
async fn a_bare_thread_with_a_oneshot_holds_the_clock() {
    let (sender, answer) = oneshot::channel();
    thread::spawn(move || {
        std::hint::black_box((0..1_000_000_u64).sum::<u64>());
        sender.send(7).unwrap();
    });
    assert_eq!(timeout(9.secs(), answer).await, Ok(Ok(7)));
    assert_elapsed!(Duration::ZERO);
}

#[async_test]
async fn a_destructor_of_a_thread_local_that_sends_is_waited_for() {
    struct Farewell(RefCell<Option<oneshot::Sender<u32>>>);

    impl Drop for Farewell {
        fn drop(&mut self) {
            thread::sleep(29.secs());
            self.0.take().unwrap().send(7).unwrap();
        }
    }

    thread_local! {
        static LAST: Farewell = const { Farewell(RefCell::new(None)) };
    }

    let (sender, answer) = oneshot::channel();
    thread::spawn(move || LAST.with(|last| *last.0.borrow_mut() = Some(sender)));
    assert_eq!(timeout(30.secs(), answer).await, Ok(Ok(7)));
    assert_elapsed!(29.secs());
}

#[async_test(blocking = "allow")]
async fn recv_timeout_takes_the_time_that_it_is_given() {
    let (_sender, nothing) = mpsc::channel::<()>();
    for round in 1..50_u64 {
        assert!(nothing.recv_timeout(100.millis()).is_err());
        assert_elapsed!(Duration::from_millis(100 * round));
    }
}

#[async_test(blocking = "allow")]
async fn wait_timeout_while_ends_though_it_waits_for_more_than_its_limit() {
    let (lock, condvar) = (Mutex::new(()), Condvar::new());
    let start = Instant::now();
    let (_held, waited) = condvar.wait_timeout_while(lock.lock().unwrap(), 5.secs(), |()| true).unwrap();
    assert!(waited.timed_out());
    assert_elapsed!(5.secs());
    // It has looked until its thread's own clock showed more.
    assert_eq!(start.elapsed(), 5.secs() + Duration::from_nanos(1));
    thread::sleep(1.secs());
    assert_eq!(start.elapsed(), 6.secs());
}

#[async_test]
async fn a_pause_in_mid_run_and_a_resume_leave_one_clock() {
    let (std, tokio) = (Instant::now(), tokio::time::Instant::now());
    sleep(1.secs()).await;
    tokio::time::pause();
    sleep(100.millis()).await;
    tokio::time::advance(900.millis()).await;
    assert_eq!(tokio.elapsed(), 2.secs());
    tokio::time::resume();
    sleep(3.secs()).await;
    assert_eq!(tokio.elapsed(), 5.secs());
    assert_elapsed!(5.secs());
    assert_eq!(std.elapsed(), 5.secs());
}

#[async_test(blocking = "allow", wall_timeout = "20s")]
async fn a_spin_on_the_clock_ends_on_whatever_thread() {
    let spin = || {
        let start = Instant::now();
        while start.elapsed() < 5.millis() {}
    };
    spin();
    thread::spawn(spin).join().unwrap();
    tokio::task::spawn_blocking(spin).await.unwrap();
}
