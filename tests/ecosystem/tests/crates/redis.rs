//! A Redis server in a process of its own, whose work takes no virtual time.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, Ordering};

use futures::StreamExt as _;
use futures::future::join_all;
use moka::future::Cache;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{AsyncCommands as _, Client};
use standstill::prelude::*;
use standstill::run;
use tokio::time::{sleep, timeout};

use crate::servers;

fn client(address: SocketAddr) -> Client {
    Client::open(format!("redis://{address}")).unwrap()
}

/// Connects, without a limit on how long an answer takes.
async fn connect(address: SocketAddr) -> ConnectionManager {
    let config = ConnectionManagerConfig::new().set_response_timeout(None);
    client(address).get_connection_manager_with_config(config).await.unwrap()
}

#[test]
fn commands_take_no_virtual_time() {
    let Some(address) = servers::redis() else { return };
    run(async || {
        let redis = connect(address).await;
        let add = async |number: u64| redis.clone().incr::<_, _, u64>("redis-sum", number).await.unwrap();

        join_all((1..=100).map(add)).await;

        assert_eq!(redis.clone().get_del::<_, u64>("redis-sum").await.unwrap(), 5050);
        assert_elapsed!(0.secs());
    });
}

#[test]
fn a_blocking_pop_ends_when_another_task_pushes() {
    let Some(address) = servers::redis() else { return };
    run(async || {
        let (mut consumer, mut producer) = (connect(address).await, connect(address).await);
        tokio::spawn(async move {
            sleep(3.secs()).await;
            producer.lpush::<_, _, u32>("redis-orders", "order 7").await.unwrap();
        });

        let order = consumer.blpop::<_, Option<[String; 2]>>("redis-orders", 0.0).await.unwrap();

        assert_eq!(order.unwrap(), ["redis-orders", "order 7"]);
        assert_elapsed!(3.secs());
    });
}

#[test]
fn a_blocking_pop_gives_nothing_after_the_server_s_timeout() {
    let Some(address) = servers::redis() else { return };
    run(async || {
        let mut redis = connect(address).await;

        // The server is outside, and waits in real time.
        let order = redis.blpop::<_, Option<[String; 2]>>("redis-nothing", 0.1).await.unwrap();

        assert_eq!(order, None);
        assert_elapsed!(0.secs());
    });
}

#[test]
fn a_timeout_ends_a_blocking_pop() {
    let Some(address) = servers::redis() else { return };
    run(async || {
        let mut redis = connect(address).await;

        let order = timeout(5.secs(), redis.blpop::<_, Option<[String; 2]>>("redis-never", 0.0));

        assert!(order.await.is_err());
        assert_elapsed!(5.secs());
    });
}

#[test]
fn the_response_timeout_of_a_connection_ends_a_blocking_pop() {
    let Some(address) = servers::redis() else { return };
    run(async || {
        let config = ConnectionManagerConfig::new().set_response_timeout(Some(5.secs())).set_number_of_retries(0);
        let mut redis = client(address).get_connection_manager_with_config(config).await.unwrap();

        let error = redis.blpop::<_, Option<[String; 2]>>("redis-none", 0.0).await.unwrap_err();

        assert!(error.is_timeout());
        assert_elapsed!(5.secs());
    });
}

#[test]
fn a_local_cache_asks_the_server_again_after_its_time_to_live() {
    let Some(address) = servers::redis() else { return };
    run(async || {
        let redis = connect(address).await;
        redis.clone().set::<_, _, ()>("redis-price", 7).await.unwrap();
        let (cache, loads) = (Cache::builder().time_to_live(1.mins()).build(), AtomicU32::new(0));
        let load = async || {
            loads.fetch_add(1, Ordering::Relaxed);
            redis.clone().get::<_, u32>("redis-price").await.unwrap()
        };

        assert_eq!(cache.get_with("price", load()).await, 7);
        redis.clone().set::<_, _, ()>("redis-price", 8).await.unwrap();
        sleep(59_999.millis()).await;
        assert_eq!(cache.get_with("price", load()).await, 7);
        sleep(1.millis()).await;
        assert_eq!(cache.get_with("price", load()).await, 8);

        assert_eq!(loads.into_inner(), 2);
        assert_elapsed!(1.mins());
    });
}

#[test]
fn a_subscriber_hears_a_message_when_it_is_published() {
    let Some(address) = servers::redis() else { return };
    run(async || {
        let mut subscriber = client(address).get_async_pubsub().await.unwrap();
        subscriber.subscribe("redis-parcels").await.unwrap();
        let mut publisher = connect(address).await;
        tokio::spawn(async move {
            for number in 1..=3 {
                sleep(1.hours()).await;
                publisher.publish::<_, _, u32>("redis-parcels", number).await.unwrap();
            }
        });

        let mut messages = subscriber.on_message();
        for number in 1..=3 {
            assert_eq!(messages.next().await.unwrap().get_payload::<u64>().unwrap(), number);
            assert_elapsed!(number.hours());
        }
    });
}
