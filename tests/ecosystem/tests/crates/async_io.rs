//! A runtime that makes its calls past libc, and waits for a timer of the kernel's, on a thread that all of a process shares.
#![cfg(target_arch = "x86_64")]

use std::os::unix::net::UnixStream;
use std::thread;
use std::time::Duration;

use async_io::{Async, Timer};
use futures::StreamExt as _;
use standstill::clock;
use standstill::prelude::*;

/// Whether the kernel hands over the calls that rustix makes: Linux 5.11 does.
fn is_there() -> bool {
    let version = std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap();
    let mut numbers = version.split(['.', '-']).map_while(|number| number.parse::<u32>().ok());
    let is_there = (numbers.next(), numbers.next()) >= (Some(5), Some(11));
    if !is_there {
        eprintln!("skipped: this kernel does not hand system calls over");
    }
    is_there
}

async fn timers() {
    Timer::after(5.secs()).await;
    assert_elapsed!(5.secs());
    assert_eq!(Timer::interval(10.secs()).take(3).count().await, 3);
    assert_elapsed!(35.secs());
    let late = futures::future::select(Timer::after(1.hours()), Timer::after(1500.millis()));
    assert!(matches!(late.await, futures::future::Either::Right(_)));
    assert_elapsed!(Duration::from_millis(36_500));
}

async fn sockets() {
    let (near, far) = Async::<UnixStream>::pair().unwrap();
    let far = far.into_inner().unwrap();
    let echo = thread::spawn(move || {
        far.set_nonblocking(false).unwrap();
        thread::sleep(3.secs());
        std::io::Write::write_all(&mut &far, b"late").unwrap();
    });
    let mut buffer = [0; 4];
    near.readable().await.unwrap();
    assert_eq!(near.read_with(|mut near| std::io::Read::read(&mut near, &mut buffer)).await.unwrap(), 4);
    assert_eq!(clock::elapsed(), 3.secs());
    tokio::task::spawn_blocking(|| echo.join().unwrap()).await.unwrap();
}

#[test]
fn async_io_is_in_virtual_time_in_one_test_after_another() {
    if is_there() {
        for _ in 0..3 {
            standstill::run(timers);
            standstill::run(sockets);
        }
    }
}
