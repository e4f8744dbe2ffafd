//! A client that gives up after five seconds, against real servers on loopback that are slower or faster: no second of it is waited for.
//!
//! Run it by `cargo run --example http_timeouts`, and its tests by `cargo test --example http_timeouts`.

use reqwest::{Client, StatusCode};
use standstill::{clock, prelude::*};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

/// Asks for a quote: the price, or why there is none.
async fn quote(client: &Client, uri: &str) -> Result<String, String> {
    let answer =
        client.get(uri).send().await.map_err(|error| {
            if error.is_timeout() { "the shop does not answer".to_owned() } else { error.to_string() }
        })?;
    match answer.status() {
        StatusCode::OK => answer.text().await.map_err(|error| error.to_string()),
        status => Err(format!("the shop says {status}")),
    }
}

fn client() -> Client {
    Client::builder().timeout(5.secs()).build().expect("a client needs nothing")
}

async fn shop(answer: ResponseTemplate) -> MockServer {
    let shop = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&shop).await;
    shop
}

macro_rules! say {
    ($($what:tt)*) => { println!("{:>7.3} s  {}", clock::elapsed().as_secs_f64(), format_args!($($what)*)) };
}

fn main() {
    let start = std::time::Instant::now();
    standstill::run(async || {
        for delay in [0.secs(), 3.secs(), 10.secs(), 1.hours()] {
            let shop = shop(ResponseTemplate::new(200).set_body_string("12.50").set_delay(delay)).await;
            say!("ask a shop that takes {delay:?}");
            match quote(&client(), &shop.uri()).await {
                Ok(price) => say!("  the price is {price}"),
                Err(why) => say!("  no price: {why}"),
            }
        }
    });
    println!("all of it took {} ms of real time", start.elapsed().as_millis());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[async_test]
    async fn an_answer_after_three_seconds_is_in_time() {
        let shop = shop(ResponseTemplate::new(200).set_body_string("12.50").set_delay(3.secs())).await;

        assert_eq!(quote(&client(), &shop.uri()).await.unwrap(), "12.50");
        assert_elapsed!(3.secs());
    }

    #[async_test]
    async fn after_five_seconds_the_client_gives_up() {
        let shop = shop(ResponseTemplate::new(200).set_delay(10.secs())).await;

        assert_eq!(quote(&client(), &shop.uri()).await.unwrap_err(), "the shop does not answer");
        assert_elapsed!(5.secs());
    }

    #[async_test]
    async fn a_refusal_comes_through_at_once() {
        let shop = shop(ResponseTemplate::new(503)).await;

        assert_eq!(quote(&client(), &shop.uri()).await.unwrap_err(), "the shop says 503 Service Unavailable");
        assert_elapsed!(0.secs());
    }
}
