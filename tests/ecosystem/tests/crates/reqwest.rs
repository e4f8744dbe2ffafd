//! reqwest, async and blocking, against wiremock, whose server runs on a thread of its own.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use axum::routing::get;
use futures::future::join_all;
use reqwest::{Client, StatusCode, blocking};
use standstill::prelude::*;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::sleep;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

async fn server_with_delay(delay: Duration) -> MockServer {
    let server = MockServer::start().await;
    let answer = ResponseTemplate::new(200).set_delay(delay).set_body_string("hello");
    Mock::given(any()).respond_with(answer).mount(&server).await;
    server
}

fn client() -> Client {
    Client::builder().no_proxy().build().unwrap()
}

async fn fetch(client: &Client, server: &MockServer) -> String {
    client.get(server.uri()).send().await.unwrap().text().await.unwrap()
}

#[async_test]
async fn requests_one_after_the_other_add_up() {
    let (client, server) = (client(), server_with_delay(500.millis()).await);

    for done in 1..=3 {
        assert_eq!(fetch(&client, &server).await, "hello");
        assert_elapsed!((done * 500).millis());
    }
}

#[async_test]
async fn concurrent_requests_take_as_long_as_one() {
    let (client, server) = (client(), server_with_delay(500.millis()).await);

    let answers = join_all((0..50).map(|_| fetch(&client, &server))).await;

    assert_eq!(answers, ["hello"; 50]);
    assert_elapsed!(500.millis());
}

#[async_test]
async fn an_answer_before_the_timeout_is_an_answer() {
    let server = server_with_delay(3.secs()).await;
    let client = Client::builder().no_proxy().timeout(5.secs()).build().unwrap();

    assert_eq!(fetch(&client, &server).await, "hello");
    assert_elapsed!(3.secs());
}

#[async_test]
async fn the_timeout_of_a_client_ends_a_request() {
    let server = server_with_delay(10.secs()).await;
    let client = Client::builder().no_proxy().timeout(5.secs()).build().unwrap();

    let error = client.get(server.uri()).send().await.unwrap_err();

    assert!(error.is_timeout());
    assert_elapsed!(5.secs());
}

#[async_test]
async fn the_timeout_of_a_request_goes_before_the_client_s() {
    let server = server_with_delay(10.secs()).await;
    let client = Client::builder().no_proxy().timeout(5.secs()).build().unwrap();

    let error = client.get(server.uri()).timeout(250.millis()).send().await.unwrap_err();

    assert!(error.is_timeout());
    assert_elapsed!(250.millis());
}

#[async_test]
async fn a_read_timeout_ends_a_request() {
    let server = server_with_delay(10.secs()).await;
    let client = Client::builder().no_proxy().read_timeout(2.secs()).build().unwrap();

    let error = client.get(server.uri()).send().await.unwrap_err();

    assert!(error.is_timeout());
    assert_elapsed!(2.secs());
}

#[async_test]
async fn a_semaphore_of_25_lets_100_requests_pass_in_four_rounds() {
    let (client, server) = (client(), Arc::new(server_with_delay(500.millis()).await));
    let slots = Arc::new(Semaphore::new(25));

    let mut requests = JoinSet::new();
    for _ in 0..100 {
        let (client, server, slots) = (client.clone(), Arc::clone(&server), Arc::clone(&slots));
        requests.spawn(async move {
            let _slot = slots.acquire().await.unwrap();
            fetch(&client, &server).await
        });
    }

    assert_eq!(requests.join_all().await, ["hello"; 100]);
    assert_elapsed!(2.secs());
}

#[async_test]
async fn a_retry_waits_between_its_requests() {
    let server = MockServer::start().await;
    let unavailable = ResponseTemplate::new(503).set_delay(100.millis());
    Mock::given(any()).respond_with(unavailable).up_to_n_times(2).mount(&server).await;
    Mock::given(any()).respond_with(ResponseTemplate::new(200)).mount(&server).await;
    let client = client();

    for pause in [1, 2] {
        let answer = client.get(server.uri()).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
        sleep(pause.secs()).await;
    }

    assert_eq!(client.get(server.uri()).send().await.unwrap().status(), StatusCode::OK);
    assert_elapsed!(3200.millis());
}

#[async_test]
async fn a_connection_stays_in_the_pool_until_it_was_idle_too_long() {
    let connections = Arc::new(Mutex::new(BTreeSet::<SocketAddr>::new()));
    let seen = Arc::clone(&connections);
    let note = async move |ConnectInfo(peer): ConnectInfo<SocketAddr>| {
        seen.lock().unwrap().insert(peer);
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let app = Router::new().route("/", get(note)).into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, app).await });
    let client = Client::builder().no_proxy().pool_idle_timeout(90.secs()).build().unwrap();

    for (idle, expected) in [(0, 1), (89, 1), (91, 2), (89, 2)] {
        sleep(idle.secs()).await;
        client.get(&url).send().await.unwrap().bytes().await.unwrap();
        assert_eq!(connections.lock().unwrap().len(), expected, "after {idle} s");
    }
    assert_elapsed!(269.secs());
}

#[async_test]
async fn five_threads_share_100_blocking_requests() {
    let server = server_with_delay(500.millis()).await;
    let url = server.uri();

    let started = AtomicU32::new(0);
    let answers = spawn_blocking(move || {
        let client = blocking::Client::builder().no_proxy().build().unwrap();
        let work = || {
            let mut answers = 0;
            while started.fetch_add(1, Ordering::Relaxed) < 100 {
                assert_eq!(client.get(&url).send().unwrap().text().unwrap(), "hello");
                answers += 1;
            }
            answers
        };
        thread::scope(|scope| [(); 5].map(|()| scope.spawn(work)).map(|worker| worker.join().unwrap()))
    });

    assert_eq!(answers.await.unwrap(), [20; 5]);
    assert_elapsed!(10.secs());
}

#[async_test]
async fn the_timeout_of_a_blocking_client_ends_a_request() {
    let server = server_with_delay(10.secs()).await;
    let url = server.uri();

    let request = spawn_blocking(move || {
        let client = blocking::Client::builder().no_proxy().timeout(5.secs()).build().unwrap();
        client.get(&url).send().unwrap_err().is_timeout()
    });

    assert!(request.await.unwrap());
    assert_elapsed!(5.secs());
}
