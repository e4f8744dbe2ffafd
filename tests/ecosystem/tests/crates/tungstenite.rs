//! tokio-tungstenite: a websocket that is kept alive by pings.

use futures::{SinkExt as _, StreamExt as _};
use standstill::prelude::*;
use standstill::probe::Meter;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, interval_at, sleep, timeout};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, accept_async, connect_async};

async fn pair() -> (WebSocketStream<MaybeTlsStream<TcpStream>>, WebSocketStream<TcpStream>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("ws://{}", listener.local_addr().unwrap());
    let server = async { accept_async(listener.accept().await.unwrap().0).await.unwrap() };
    let (client, server) = tokio::join!(connect_async(url), server);
    (client.unwrap().0, server)
}

#[async_test]
async fn a_ping_every_30_seconds_keeps_the_connection_alive() {
    let (mut client, mut server) = pair().await;
    let pings = Meter::new();
    let seen = pings.clone();
    let server = tokio::spawn(async move {
        // What comes more than 45 s after the message before is too late.
        while let Ok(Some(message)) = timeout(45.secs(), server.next()).await {
            match message.unwrap() {
                Message::Ping(_) => seen.tick(),
                Message::Close(_) => break,
                other => panic!("{other:?}"),
            }
        }
    });

    let mut ticks = interval_at(Instant::now() + 30.secs(), 30.secs());
    for _ in 0..10 {
        ticks.tick().await;
        client.send(Message::Ping("alive?".into())).await.unwrap();
        assert_eq!(client.next().await.unwrap().unwrap(), Message::Pong("alive?".into()));
    }
    client.close(None).await.unwrap();
    server.await.unwrap();

    assert_eq!(pings.instants(), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map(|ping| (30 * ping).secs()));
    assert_elapsed!(5.mins());
}

#[async_test]
async fn a_peer_that_falls_silent_is_given_up() {
    let (client, mut server) = pair().await;
    tokio::spawn(async move {
        sleep(1.hours()).await;
        drop(client);
    });

    assert!(timeout(45.secs(), server.next()).await.is_err());
    assert_elapsed!(45.secs());
}
