//! What the detector of blocking calls costs where nothing blocks: on and off, in one run. Read the ratios, not the times.
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, criterion_group, criterion_main};
use standstill::blocking::{Policy, allow_blocking};
use standstill::{Builder, Level, prelude::*};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::sleep;

/// The same body with the detector on and off.
fn on_and_off(group: &mut BenchmarkGroup<'_, WallTime>, body: impl AsyncFn()) {
    group.sample_size(30);
    group.bench_function("off", |bench| {
        bench.iter(|| Builder::new().blocking(Policy::all(Level::Allow)).run(&body));
    });
    group.bench_function("on", |bench| bench.iter(|| Builder::new().run(&body)));
}

async fn sleeps() {
    for number in 0..10_000 {
        sleep((1 + number % 7).millis()).await;
    }
}

async fn uncontended_mutexes() {
    let (std, parking_lot) = (Mutex::new(0_u64), parking_lot::Mutex::new(0_u64));
    for number in 0..100_000 {
        *std.lock().unwrap() += number;
        *parking_lot.lock() += number;
    }
}

async fn tcp_ping_pong() {
    const ROUNDS: u32 = 1_000;

    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(async move {
        let (mut client, _) = listener.accept().await.unwrap();
        for _ in 0..ROUNDS {
            let ball = client.read_u32().await.unwrap();
            client.write_u32(ball + 1).await.unwrap();
        }
    });
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.set_nodelay(true).unwrap();
    for round in 0..ROUNDS {
        stream.write_u32(round).await.unwrap();
        assert_eq!(stream.read_u32().await.unwrap(), round + 1);
    }
    server.await.unwrap();
}

async fn channel_ping_pong() {
    const ROUNDS: u32 = 10_000;

    let ((there, mut ball), (back, mut returned)) = (mpsc::channel(1), mpsc::channel(1));
    let other = tokio::spawn(async move {
        while let Some(round) = ball.recv().await {
            back.send(round).await.unwrap();
        }
    });
    for round in 0..ROUNDS {
        there.send(round).await.unwrap();
        assert_eq!(returned.recv().await, Some(round));
    }
    drop(there);
    other.await.unwrap();
}

/// Calls that the detector sees, and lets pass.
async fn allowed_sleeps() {
    allow_blocking("that is what is measured", || {
        for _ in 0..10_000 {
            thread::sleep(Duration::from_nanos(1));
        }
    });
}

/// Many threads take many locks, some of which are taken.
async fn locks_between_threads() {
    let count = Arc::new(Mutex::new(0));
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let count = Arc::clone(&count);
            tokio::task::spawn_blocking(move || {
                for _ in 0..1_000 {
                    *count.lock().unwrap() += 1;
                }
            })
        })
        .collect();
    for thread in threads {
        thread.await.unwrap();
    }
    assert_eq!(*count.lock().unwrap(), 4_000);
}

macro_rules! cost {
    ($criterion:ident, $name:literal, $body:ident) => {
        let mut group = $criterion.benchmark_group(concat!("blocking calls: ", $name));
        on_and_off(&mut group, $body);
        group.finish();
    };
}

fn blocking(criterion: &mut Criterion) {
    cost!(criterion, "10,000 sleeps", sleeps);
    cost!(criterion, "200,000 mutexes that nobody holds", uncontended_mutexes);
    cost!(criterion, "1,000 rounds over TCP", tcp_ping_pong);
    cost!(criterion, "10,000 rounds through channels", channel_ping_pong);
    cost!(criterion, "4 blocking jobs that share a lock", locks_between_threads);
    cost!(criterion, "10,000 sleeps that are seen and allowed", allowed_sleeps);
}

criterion_group!(benches, blocking);
criterion_main!(benches);
