//! hyper's own HTTP/1 connections, with its timers.

use std::convert::Infallible;

use http_body_util::{BodyExt as _, Empty, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response, client, server};
use hyper_util::rt::{TokioIo, TokioTimer};
use standstill::prelude::*;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;

async fn answer(_request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    sleep(250.millis()).await;
    Ok(Response::new(Full::from("hello")))
}

/// Connects to a server that gives each request's head 30 seconds.
async fn connect() -> TcpStream {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let mut builder = server::conn::http1::Builder::new();
        builder.timer(TokioTimer::new()).header_read_timeout(30.secs());
        // A head that never ends is an error of the connection, as it should be.
        let _ = builder.serve_connection(TokioIo::new(stream), service_fn(answer)).await;
    });
    TcpStream::connect(address).await.unwrap()
}

#[async_test]
async fn requests_on_one_connection_follow_each_other() {
    let (mut sender, connection) = client::conn::http1::handshake(TokioIo::new(connect().await)).await.unwrap();
    tokio::spawn(connection);

    for done in 1..=4 {
        let request = Request::builder().header("host", "shop").body(Empty::<Bytes>::new()).unwrap();
        let response = sender.send_request(request).await.unwrap();
        assert_eq!(response.into_body().collect().await.unwrap().to_bytes(), "hello");
        assert_elapsed!((done * 250).millis());
        sender.ready().await.unwrap();
    }
}

#[async_test]
async fn a_client_that_never_ends_its_head_is_cut_off() {
    let mut stream = connect().await;
    stream.write_all(b"GET / HTTP/1.1\r\nhost: sh").await.unwrap();

    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).await.unwrap();

    assert_elapsed!(30.secs());
}
