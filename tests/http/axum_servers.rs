use std::net::{SocketAddr, TcpListener};
use std::thread;

use axum::Router;
use axum::routing::get;
use standstill::prelude::*;
use tokio::runtime::Builder;
use tokio::time::sleep;

use super::hundreds_are_exact;

fn listen() -> (TcpListener, String) {
    let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
    listener.set_nonblocking(true).unwrap();
    let uri = format!("http://{}", listener.local_addr().unwrap());
    (listener, uri)
}

async fn serve(listener: TcpListener) {
    let listener = tokio::net::TcpListener::from_std(listener).unwrap();
    let answer = get(async || {
        sleep(500.millis()).await;
        "ready"
    });
    axum::serve(listener, Router::new().route("/", answer)).await.unwrap();
}

#[async_test]
async fn a_server_in_the_test_s_runtime_is_exact() {
    let (listener, uri) = listen();
    tokio::spawn(serve(listener));

    hundreds_are_exact(&uri).await;
}

#[async_test]
async fn a_server_in_a_runtime_of_its_own_thread_is_exact() {
    let (listener, uri) = listen();
    thread::spawn(move || Builder::new_current_thread().enable_all().build().unwrap().block_on(serve(listener)));

    hundreds_are_exact(&uri).await;
}

#[async_test]
async fn a_server_on_many_workers_is_exact() {
    let (listener, uri) = listen();
    let workers = Builder::new_multi_thread().worker_threads(3).enable_all().build().unwrap();
    workers.spawn(serve(listener));

    hundreds_are_exact(&uri).await;

    workers.shutdown_background();
}

#[async_test(flavor = "multi_thread", worker_threads = 4)]
async fn a_server_among_the_test_s_workers_is_exact() {
    let (listener, uri) = listen();
    tokio::spawn(serve(listener));

    hundreds_are_exact(&uri).await;
}
