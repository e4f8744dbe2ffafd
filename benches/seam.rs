//! What a hook costs outside a bubble, and what the clock costs inside one.
//!
//! A binary has the hooks or not: `benches/seam-off` builds this with the feature `os` and without, and prints the ratios.
use std::fs::File;
use std::hint::black_box;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use criterion::{Criterion, criterion_group, criterion_main};
use standstill::clock;

fn clocks(criterion: &mut Criterion) {
    // libc's calls cost less in a process that has never had a second thread; a test's process has had some.
    thread::spawn(|| {}).join().unwrap();

    let mut group = criterion.benchmark_group("clock");
    group.bench_function("Instant outside", |bench| bench.iter(Instant::now));
    group.bench_function("SystemTime outside", |bench| bench.iter(SystemTime::now));
    if standstill::os::support().is_active() {
        group.bench_function("Instant inside", |bench| bench.iter_custom(|count| in_a_bubble(count, Instant::now)));
        group.bench_function("SystemTime inside", |bench| {
            bench.iter_custom(|count| in_a_bubble(count, SystemTime::now));
        });
    }
    group.finish();
}

/// The real time that so many calls take, in rounds short enough not to be taken for a spin.
fn in_a_bubble<T>(count: u64, call: impl Fn() -> T) -> Duration {
    const ROUND: u64 = 10_000;

    standstill::run(async || {
        let mut spent = Duration::ZERO;
        let mut left = count;
        while left > 0 {
            let round = left.min(ROUND);
            let start = clock::real();
            for _ in 0..round {
                black_box(call());
            }
            spent += clock::real() - start;
            left -= round;
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        spent
    })
}

fn read(criterion: &mut Criterion) {
    let mut zero = File::open("/dev/zero").unwrap();
    let mut buffer = [0; 8];
    criterion.bench_function("read/eight bytes", |bench| bench.iter(|| zero.read(black_box(&mut buffer)).unwrap()));
}

fn locks(criterion: &mut Criterion) {
    let mutex = Arc::new(Mutex::new(0_u64));
    let mut group = criterion.benchmark_group("Mutex");
    group.bench_function("alone", |bench| bench.iter(|| *black_box(&mutex).lock().unwrap() += 1));

    let is_over = Arc::new(AtomicBool::new(false));
    let rival = thread::spawn({
        let (mutex, is_over) = (Arc::clone(&mutex), Arc::clone(&is_over));
        move || {
            while !is_over.load(Ordering::Relaxed) {
                *mutex.lock().unwrap() += 1;
            }
        }
    });
    group.bench_function("contended", |bench| bench.iter(|| *black_box(&mutex).lock().unwrap() += 1));
    is_over.store(true, Ordering::Relaxed);
    rival.join().unwrap();
    group.finish();
}

fn ping_pong(criterion: &mut Criterion) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let (mut server, _) = listener.accept().unwrap();
    let echo = thread::spawn(move || {
        let mut byte = [0];
        while server.read(&mut byte).unwrap() == 1 {
            server.write_all(&byte).unwrap();
        }
    });
    client.set_nodelay(true).unwrap();
    let mut byte = [0];
    criterion.bench_function("TCP/ping-pong", |bench| {
        bench.iter(|| {
            client.write_all(&byte).unwrap();
            client.read_exact(&mut byte).unwrap();
        });
    });
    drop(client);
    echo.join().unwrap();
}

criterion_group!(benches, clocks, read, locks, ping_pong);
criterion_main!(benches);
