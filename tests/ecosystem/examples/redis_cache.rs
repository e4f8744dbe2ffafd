//! A cache before a real Redis server: it asks again once what it knows is older than its time to live, in virtual time.
//!
//! The server is started for the occasion, where its program is installed.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use redis::AsyncCommands as _;
use redis::aio::ConnectionManager;
use standstill::prelude::*;
use tokio::time::sleep;

#[path = "../tests/crates/servers.rs"]
#[expect(dead_code, reason = "the other server is for another example")]
mod servers;

/// Prices, each kept for a while.
struct Cache {
    redis: ConnectionManager,
    known: BTreeMap<String, (u32, Instant)>,
    time_to_live: Duration,
}

impl Cache {
    async fn price(&mut self, article: &str) -> u32 {
        if let Some((price, since)) = self.known.get(article)
            && since.elapsed() < self.time_to_live
        {
            return *price;
        }
        let price = self.redis.get(article).await.unwrap();
        self.known.insert(article.to_owned(), (price, Instant::now()));
        price
    }
}

/// What a customer sees who looks every ten seconds, of a price that changes after 15 s.
fn prices(article: &str) -> Option<Vec<(u64, u32)>> {
    let address = servers::redis()?;
    Some(standstill::run(async || {
        let client = redis::Client::open(format!("redis://{address}")).unwrap();
        let mut redis = ConnectionManager::new(client).await.unwrap();
        let () = redis.set(article, 10).await.unwrap();

        let mut cache = Cache { redis: redis.clone(), known: BTreeMap::new(), time_to_live: 30.secs() };
        let change = tokio::spawn({
            let article = article.to_owned();
            async move {
                sleep(15.secs()).await;
                let () = redis.set(article, 12).await.unwrap();
            }
        });
        let mut seen = Vec::new();
        for look in 0..5 {
            seen.push((10 * look, cache.price(article).await));
            sleep(10.secs()).await;
        }
        change.await.unwrap();
        seen
    }))
}

fn main() {
    let Some(prices) = prices("bread") else { return };
    for (second, price) in prices {
        println!("at {second:2} s the price is {price}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_is_asked_for_again_once_it_is_thirty_seconds_old() {
        let Some(prices) = prices("cheese") else { return };

        assert_eq!(prices, [(0, 10), (10, 10), (20, 10), (30, 12), (40, 12)]);
    }
}
