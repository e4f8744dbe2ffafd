//! Servers, clients and tools of tests, as they are.

use std::time::Duration;

use axum::Router;
use axum::routing::get;
use standstill::mock::MockFn;
use standstill::prelude::*;
use tower::{Service as _, ServiceBuilder, ServiceExt as _, service_fn};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::{quiet, quiet_on_many_threads};

async fn answers() -> MockServer {
    let server = MockServer::start().await;
    let answer = ResponseTemplate::new(200).set_body_string("thanks").set_delay(Duration::from_secs(1));
    Mock::given(any()).respond_with(answer).mount(&server).await;
    server
}

#[test]
fn starting_a_wiremock_server() {
    quiet(async || drop(MockServer::start().await));
}

#[test]
fn starting_a_wiremock_server_of_its_own() {
    quiet(async || drop(MockServer::builder().start().await));
}

#[test]
fn reqwest_against_wiremock() {
    quiet(async || {
        let server = answers().await;
        let client = reqwest::Client::new();
        let requests = (0..5).map(|_| async {
            assert_eq!(client.get(server.uri()).send().await.unwrap().text().await.unwrap(), "thanks");
        });
        futures::future::join_all(requests).await;
        assert_eq!(server.received_requests().await.unwrap().len(), 5);
    });
}

#[test]
fn reqwest_that_looks_up_a_name() {
    quiet(async || {
        let server = answers().await;
        let port = server.address().port();
        let answer = reqwest::get(format!("http://localhost:{port}/")).await.unwrap();
        assert_eq!(answer.text().await.unwrap(), "thanks");
    });
}

async fn shop() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let routes = Router::new().route("/", get(async || "thanks"));
    tokio::spawn(async { axum::serve(listener, routes).await });

    let answer = reqwest::get(format!("http://{address}/")).await.unwrap();

    assert_eq!(answer.text().await.unwrap(), "thanks");
}

#[test]
fn reqwest_against_axum() {
    quiet(shop);
}

#[test]
fn reqwest_against_axum_on_many_threads() {
    quiet_on_many_threads(shop);
}

#[test]
fn reqwest_blocking_inside_spawn_blocking() {
    quiet(async || {
        let server = answers().await;
        let uri = server.uri();
        let ask = || reqwest::blocking::get(uri).unwrap().text().unwrap();
        assert_eq!(tokio::task::spawn_blocking(ask).await.unwrap(), "thanks");
    });
}

#[test]
fn layers_of_tower() {
    quiet(async || {
        let mut service = ServiceBuilder::new()
            .concurrency_limit(1)
            .rate_limit(1, Duration::from_secs(1))
            .timeout(Duration::from_secs(5))
            .service(service_fn(async |number: u32| Ok::<_, std::io::Error>(number + 1)));
        for number in 0..3 {
            assert_eq!(service.ready().await.unwrap().call(number).await.unwrap(), number + 1);
        }
    });
}

#[test]
fn a_snapshot_of_insta() {
    quiet(async || {
        insta::assert_snapshot!("thanks", @"thanks");
        insta::assert_debug_snapshot!(7.secs(), @"7s");
    });
}

#[test]
fn a_snapshot_of_insta_in_a_file() {
    quiet(async || {
        insta::with_settings!({ omit_expression => true }, {
            insta::assert_snapshot!("an_answer", "thanks");
        });
    });
}

#[test]
fn a_mock_of_this_crate() {
    quiet(async || {
        let price: MockFn<fn(u32) -> u32> = MockFn::new("price");
        price.always().after(2.secs()).returns(7);
        assert_eq!(price.call(1).await, 7);
        price.assert_calls([1]);
    });
}
