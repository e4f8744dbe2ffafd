//! A shop that answers at once and writes its mails afterwards: when each mail goes, and that none is lost when the shop closes.
//!
//! Run it by `cargo run --example background_tasks`, and its tests by `cargo test --example background_tasks`.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, State};
use axum::routing::post;
use standstill::{clock, prelude::*};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::time::sleep;
use tokio_util::task::TaskTracker;

/// The mails that went, and when.
type Outbox = Arc<Mutex<Vec<(u64, Duration)>>>;

#[derive(Clone, Default)]
struct Shop {
    outbox: Outbox,
    mails: TaskTracker,
}

impl Shop {
    /// Takes an order. The mail is written in the background.
    #[expect(clippy::unused_async, reason = "axum takes async functions")]
    async fn order(State(shop): State<Self>, Path(customer): Path<u64>) -> &'static str {
        let outbox = Arc::clone(&shop.outbox);
        shop.mails.spawn(async move {
            sleep(2.secs()).await;
            outbox.lock().expect("nobody panics with the outbox").push((customer, clock::elapsed()));
        });
        "thank you"
    }

    /// Takes orders until told to close, and then finishes the mails.
    async fn open(self, listener: TcpListener, closing: oneshot::Receiver<()>) -> io::Result<()> {
        let routes = Router::new().route("/orders/{customer}", post(Self::order)).with_state(self.clone());
        let closed = async { drop(closing.await) };
        axum::serve(listener, routes).with_graceful_shutdown(closed).await?;
        self.mails.close();
        self.mails.wait().await;
        Ok(())
    }

    fn mails(&self) -> Vec<(u64, Duration)> {
        self.outbox.lock().expect("nobody panics with the outbox").clone()
    }
}

/// A shop that is open, and what its visitors need.
struct Open {
    shop: Shop,
    address: SocketAddr,
    close: oneshot::Sender<()>,
    closed: tokio::task::JoinHandle<io::Result<()>>,
}

async fn open() -> io::Result<Open> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let (address, shop, (close, closing)) = (listener.local_addr()?, Shop::default(), oneshot::channel());
    let closed = tokio::spawn(shop.clone().open(listener, closing));
    Ok(Open { shop, address, close, closed })
}

async fn order(address: SocketAddr, customer: u64) -> reqwest::Result<String> {
    let client = reqwest::Client::new();
    client.post(format!("http://{address}/orders/{customer}")).send().await?.text().await
}

macro_rules! say {
    ($($what:tt)*) => { println!("{:>7.3} s  {}", clock::elapsed().as_secs_f64(), format_args!($($what)*)) };
}

fn main() {
    standstill::run(async || {
        let Open { shop, address, close, closed } = open().await.expect("loopback is there");
        for customer in [7, 8] {
            let answer = order(address, customer).await.expect("the shop is open");
            say!("customer {customer} hears {answer:?}; mails so far: {}", shop.mails().len());
            sleep(500.millis()).await;
        }
        say!("the shop closes");
        close.send(()).expect("the shop is open");
        closed.await.expect("the shop does not panic").expect("loopback is there");
        for (customer, at) in shop.mails() {
            println!("           the mail to {customer} went at {:.3} s", at.as_secs_f64());
        }
        say!("all is done");
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[async_test]
    async fn the_answer_comes_at_once_and_the_mail_after_two_seconds() {
        let Open { shop, address, close: _open, .. } = open().await.unwrap();

        assert_eq!(order(address, 7).await.unwrap(), "thank you");

        assert_elapsed!(0.secs());
        assert_eq!(shop.mails(), []);
        clock::advance(1_999.millis()).await;
        assert_eq!(shop.mails(), []);
        clock::advance(1.millis()).await;
        assert_eq!(shop.mails(), [(7, 2.secs())]);
    }

    #[async_test(leaks = "deny")]
    async fn no_mail_is_lost_when_the_shop_closes() {
        let Open { shop, address, close, closed } = open().await.unwrap();
        order(address, 7).await.unwrap();
        sleep(1.secs()).await;
        order(address, 8).await.unwrap();

        close.send(()).unwrap();
        closed.await.unwrap().unwrap();

        assert_eq!(shop.mails(), [(7, 2.secs()), (8, 3.secs())]);
        assert_elapsed!(3.secs());
        assert!(order(address, 9).await.unwrap_err().is_connect());
    }
}
