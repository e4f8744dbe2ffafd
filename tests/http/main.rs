//! reqwest against wiremock and axum, neither of which knows of this crate: every delay is virtual, and exact.

mod axum_servers;
mod many_tests;
#[cfg(feature = "http")]
mod watched_servers;
mod wiremock_servers;

use std::time::Duration;

use standstill::prelude::*;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

/// Has a server answer each request after a delay.
async fn slow(server: MockServer, delay: Duration) -> MockServer {
    Mock::given(any()).respond_with(ResponseTemplate::new(200).set_delay(delay)).mount(&server).await;
    server
}

async fn slow_by(delay: Duration) -> MockServer {
    slow(MockServer::start().await, delay).await
}

async fn get(client: &reqwest::Client, uri: &str) {
    assert_eq!(client.get(uri).send().await.unwrap().status(), 200);
}

/// A hundred requests of half a second each, so many at a time.
async fn hundred(uri: &str, at_once: usize) {
    let (client, room) = (reqwest::Client::new(), tokio::sync::Semaphore::new(at_once));
    let requests = (0..100).map(|_| async {
        let _permit = room.acquire().await.unwrap();
        get(&client, uri).await;
    });
    futures::future::join_all(requests).await;
}

/// The figures that one in the order of the real thing gives: one at a time, 25, and all at once.
async fn hundreds_are_exact(uri: &str) {
    for (at_once, takes) in [(1, 50.secs()), (25, 2.secs()), (100, 500.millis())] {
        let start = standstill::clock::elapsed();
        hundred(uri, at_once).await;
        assert_eq!(standstill::clock::elapsed() - start, takes, "{at_once} at once");
    }
}
