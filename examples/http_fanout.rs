//! A hundred requests of half a second each to a wiremock server: one by one, at once, from five threads, and 25 at a time.
//!
//! Run it by `cargo run --example http_fanout`, and its tests by `cargo test --example http_fanout`.

use std::thread;
use std::time::{Duration, Instant};

use futures::future::join_all;
use reqwest::Client;
use standstill::blocking::allow_blocking;
use standstill::{clock, prelude::*};
use tokio::sync::Semaphore;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

async fn server() -> MockServer {
    let server = MockServer::start().await;
    let answer = ResponseTemplate::new(200).set_delay(500.millis());
    Mock::given(any()).respond_with(answer).mount(&server).await;
    server
}

async fn get(client: &Client, uri: &str) {
    client.get(uri).send().await.and_then(reqwest::Response::error_for_status).expect("the server answers");
}

async fn one_by_one(uri: &str) {
    let client = Client::new();
    for _ in 0..100 {
        get(&client, uri).await;
    }
}

async fn at_once(uri: &str) {
    at_most(100, uri).await;
}

async fn at_most(most: usize, uri: &str) {
    let (client, room) = (Client::new(), Semaphore::new(most));
    let requests = (0..100).map(|_| async {
        let _permit = room.acquire().await.expect("the semaphore is never closed");
        get(&client, uri).await;
    });
    join_all(requests).await;
}

/// Twenty from each of five threads, by a client that blocks them.
fn from_five_threads(uri: &str) {
    let requests = || {
        thread::scope(|scope| {
            for _ in 0..5 {
                scope.spawn(|| {
                    let client = reqwest::blocking::Client::new();
                    for _ in 0..20 {
                        client.get(uri).send().expect("the server answers");
                    }
                });
            }
        });
    };
    allow_blocking("the body has nothing else to do than to wait for the threads", requests);
}

/// How long it takes in virtual time, and how long in real.
fn measure(requests: impl AsyncFnOnce(&str)) -> (Duration, Duration) {
    let start = Instant::now();
    let took = standstill::run(async || {
        let server = server().await;
        requests(&server.uri()).await;
        clock::elapsed()
    });
    (took, start.elapsed())
}

fn main() {
    println!("100 requests, each answered after 0.5 s    virtual     real");
    let show = |what: &str, (virtually, really): (Duration, Duration)| {
        println!("  {what:<36} {:>9.3} s {:>5} ms", virtually.as_secs_f64(), really.as_millis());
    };
    show("one by one", measure(async |uri| one_by_one(uri).await));
    show("from five threads that block", measure(async |uri| from_five_threads(uri)));
    show("25 at a time", measure(async |uri| at_most(25, uri).await));
    show("all at once", measure(async |uri| at_once(uri).await));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_by_one_they_take_fifty_seconds() {
        assert_eq!(measure(async |uri| one_by_one(uri).await).0, 50.secs());
    }

    #[test]
    fn five_threads_take_ten_seconds() {
        assert_eq!(measure(async |uri| from_five_threads(uri)).0, 10.secs());
    }

    #[test]
    fn twenty_five_at_a_time_take_two_seconds() {
        assert_eq!(measure(async |uri| at_most(25, uri).await).0, 2.secs());
    }

    #[test]
    fn at_once_they_take_as_long_as_one() {
        assert_eq!(measure(async |uri| at_once(uri).await).0, 500.millis());
    }
}
