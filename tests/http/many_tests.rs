//! Servers of wiremock's pool serve many bubbles, one after the other and side by side.

use std::future::pending;
use std::sync::mpsc;
use std::thread;

use standstill::blocking::Policy;
use standstill::{Builder, Level, clock, prelude::*};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use wiremock::MockServer;

use super::{get, slow, slow_by};

/// Requests of a number's own delay, first one after the other, then at once.
async fn requests_are_exact(number: u64) {
    let delay = (100 + number).millis();
    let server = slow_by(delay).await;
    let client = reqwest::Client::new();

    for _ in 0..5 {
        get(&client, &server.uri()).await;
    }
    assert_eq!(clock::elapsed(), 5 * delay);

    let uri = server.uri();
    futures::future::join_all((0..5).map(|_| get(&client, &uri))).await;
    assert_eq!(clock::elapsed(), 6 * delay);
}

#[test]
fn fifty_threads_share_the_pool_round_after_round() {
    for round in 0..4 {
        thread::scope(|scope| {
            for number in 0..50 {
                scope.spawn(move || standstill::run(async || requests_are_exact(round + number).await));
            }
        });
    }
}

#[test]
fn servers_serve_one_bubble_after_the_other() {
    for number in 0..50 {
        standstill::run(async || requests_are_exact(number).await);
    }
}

#[test]
fn a_server_that_was_let_go_serves_the_next_bubble_while_its_first_lives_on() {
    Builder::new().blocking(Policy::all(Level::Allow)).run(async || {
        // It starts in this bubble and goes back to the pool, from which the next bubble takes it.
        drop(slow_by(1.secs()).await);
        thread::scope(|scope| {
            let next = move || standstill::run(async || requests_are_exact(7).await);
            // Not a thread of this bubble: those cannot open one of their own.
            scope.spawn(next).join().unwrap();
        });
        assert_elapsed!(0.secs());
    });
}

/// Does something when it is dropped, as a task's last words are, once the body of its test is over.
struct AtEnd<F: FnMut()>(F);

impl<F: FnMut()> Drop for AtEnd<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}

#[test]
fn a_server_that_still_owes_a_test_whose_body_is_over_serves_the_next_in_its_time() {
    let (lend, lent) = mpsc::channel::<MockServer>();
    let (served, is_served) = mpsc::channel::<()>();
    let next = thread::spawn(move || {
        let server = lent.recv().unwrap();
        let elapsed = standstill::run(async || {
            get(&reqwest::Client::new(), &server.uri()).await;
            clock::elapsed()
        });
        served.send(()).unwrap();
        elapsed
    });

    Builder::new().blocking(Policy::all(Level::Allow)).run(async move || {
        let server = slow_by(10.secs()).await;
        let mut client = TcpStream::connect(server.address()).await.unwrap();
        client.write_all(b"GET / HTTP/1.1\r\nhost: server\r\n\r\n").await.unwrap();
        clock::settle().await;
        // So that it is not answered meanwhile.
        let frozen = clock::freeze();
        let mut server = Some(server);
        let at_end = AtEnd(move || {
            let _owed = (&client, &frozen);
            lend.send(server.take().unwrap()).unwrap();
            is_served.recv().unwrap();
        });
        tokio::spawn(async move {
            let _at_end = at_end;
            pending::<()>().await;
        });
    });

    assert_eq!(next.join().unwrap(), 10.secs());
}

#[test]
fn a_client_that_keeps_its_connections_does_not_keep_the_server() {
    for number in 0..20 {
        standstill::run(async || {
            let server = slow(MockServer::start().await, (10 + number).millis()).await;
            let client = Box::leak(Box::new(reqwest::Client::new()));
            get(client, &server.uri()).await;
            assert_elapsed!((10 + number).millis());
        });
    }
}

macro_rules! tests {
    ($($name:ident $number:literal)*) => { $(
        #[async_test]
        async fn $name() {
            requests_are_exact($number).await;
        }
    )* };
}

tests! {
    test_00_of_fifty_is_exact 0 test_01_of_fifty_is_exact 1 test_02_of_fifty_is_exact 2 test_03_of_fifty_is_exact 3
    test_04_of_fifty_is_exact 4 test_05_of_fifty_is_exact 5 test_06_of_fifty_is_exact 6 test_07_of_fifty_is_exact 7
    test_08_of_fifty_is_exact 8 test_09_of_fifty_is_exact 9 test_10_of_fifty_is_exact 10 test_11_of_fifty_is_exact 11
    test_12_of_fifty_is_exact 12 test_13_of_fifty_is_exact 13 test_14_of_fifty_is_exact 14 test_15_of_fifty_is_exact 15
    test_16_of_fifty_is_exact 16 test_17_of_fifty_is_exact 17 test_18_of_fifty_is_exact 18 test_19_of_fifty_is_exact 19
    test_20_of_fifty_is_exact 20 test_21_of_fifty_is_exact 21 test_22_of_fifty_is_exact 22 test_23_of_fifty_is_exact 23
    test_24_of_fifty_is_exact 24 test_25_of_fifty_is_exact 25 test_26_of_fifty_is_exact 26 test_27_of_fifty_is_exact 27
    test_28_of_fifty_is_exact 28 test_29_of_fifty_is_exact 29 test_30_of_fifty_is_exact 30 test_31_of_fifty_is_exact 31
    test_32_of_fifty_is_exact 32 test_33_of_fifty_is_exact 33 test_34_of_fifty_is_exact 34 test_35_of_fifty_is_exact 35
    test_36_of_fifty_is_exact 36 test_37_of_fifty_is_exact 37 test_38_of_fifty_is_exact 38 test_39_of_fifty_is_exact 39
    test_40_of_fifty_is_exact 40 test_41_of_fifty_is_exact 41 test_42_of_fifty_is_exact 42 test_43_of_fifty_is_exact 43
    test_44_of_fifty_is_exact 44 test_45_of_fifty_is_exact 45 test_46_of_fifty_is_exact 46 test_47_of_fifty_is_exact 47
    test_48_of_fifty_is_exact 48 test_49_of_fifty_is_exact 49
}
