//! The same on tokio's own runtimes, with a detector.

use std::collections::HashMap;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use standstill::Level;
use standstill::blocking::{Detector, Policy, Watch};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::task::{block_in_place, spawn_blocking};

/// Panics when dropped if there was anything at all.
fn strict() -> Watch {
    Detector::new().policy(Policy::all(Level::Deny)).watch()
}

#[tokio::test]
async fn an_ordinary_exchange_under_tokio_s_own_attribute() {
    let _watch = strict();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (near, accepted) =
        tokio::join!(tokio::net::TcpStream::connect(listener.local_addr().unwrap()), listener.accept());
    near.unwrap().write_all(b"parcel").await.unwrap();
    accepted.unwrap().0.read_exact(&mut [0; 6]).await.unwrap();
    tokio::time::sleep(Duration::from_millis(1)).await;
    println!("{:?}", HashMap::from([(7, *Mutex::new("parcel").lock().unwrap())]));
}

#[tokio::test]
async fn files_and_processes_of_tokio_under_its_own_attribute() {
    let _watch = strict();
    assert!(tokio::fs::read_to_string("Cargo.toml").await.unwrap().contains("standstill"));
    assert!(tokio::process::Command::new("true").status().await.unwrap().success());
    assert!(tokio::net::lookup_host("localhost:80").await.unwrap().count() > 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn spawn_blocking_and_block_in_place_under_tokio_s_own_attribute() {
    let _watch = strict();
    spawn_blocking(|| thread::sleep(Duration::from_millis(1))).await.unwrap();
    tokio::spawn(async { block_in_place(|| thread::sleep(Duration::from_millis(1))) }).await.unwrap();
    block_in_place(|| thread::sleep(Duration::from_millis(1)));
}

#[tokio::test]
async fn another_runtime_than_the_watched_one() {
    let _watch = strict();
    let other = thread::spawn(|| {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async { thread::sleep(Duration::from_millis(1)) });
    });
    spawn_blocking(|| other.join().unwrap()).await.unwrap();
}

#[tokio::test]
async fn what_comes_after_the_watch() {
    drop(strict());
    thread::sleep(Duration::from_millis(1));
}
