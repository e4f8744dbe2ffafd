//! axum: the server in the test's runtime, and a client that comes over the loopback.

use std::net::SocketAddr;

use axum::Router;
use axum::routing::get;
use reqwest::Client;
use standstill::prelude::*;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep};

async fn listener() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

fn client() -> Client {
    Client::builder().no_proxy().build().unwrap()
}

#[async_test]
async fn the_answer_comes_at_once_and_the_mail_two_seconds_later() {
    let begin = Instant::now();
    let (mail, mut mailbox) = mpsc::channel(1);
    let sign_up = async move || {
        tokio::spawn(async move {
            sleep(2.secs()).await;
            mail.send("welcome").await.unwrap();
        });
        "signed up"
    };
    let (listener, address) = listener().await;
    let app = Router::new().route("/", get(sign_up));
    tokio::spawn(async move { axum::serve(listener, app).await });

    let answer = client().get(format!("http://{address}")).send().await.unwrap().text().await.unwrap();
    assert_eq!(answer, "signed up");
    assert_elapsed!(begin, 0.secs());

    assert_eq!(mailbox.recv().await, Some("welcome"));
    assert_elapsed!(begin, 2.secs());
}

#[async_test]
async fn a_graceful_shutdown_waits_for_the_request_in_flight() {
    let (listener, address) = listener().await;
    let slow = async || {
        sleep(3.secs()).await;
        "done"
    };
    let (shut_down, shutdown) = oneshot::channel::<()>();
    let server = axum::serve(listener, Router::new().route("/", get(slow)));
    let server = tokio::spawn(
        server
            .with_graceful_shutdown(async {
                shutdown.await.unwrap();
            })
            .into_future(),
    );
    let url = format!("http://{address}");
    let request = tokio::spawn(client().get(&url).send());

    sleep(1.secs()).await;
    shut_down.send(()).unwrap();
    server.await.unwrap().unwrap();
    assert_elapsed!(3.secs());

    assert_eq!(request.await.unwrap().unwrap().text().await.unwrap(), "done");
    assert!(client().get(&url).send().await.unwrap_err().is_connect());
    assert_elapsed!(3.secs());
}
