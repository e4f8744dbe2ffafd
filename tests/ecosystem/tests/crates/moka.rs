//! moka, whose expiry goes by std's `Instant`.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use futures::future::join_all;
use moka::{future, sync};
use standstill::prelude::*;
use tokio::time::sleep;

#[async_test]
async fn a_value_lives_as_long_as_its_time_to_live() {
    let cache = future::Cache::builder().time_to_live(60.secs()).build();
    cache.insert("price", 7).await;

    sleep(59_999.millis()).await;
    assert_eq!(cache.get("price").await, Some(7));
    sleep(1.millis()).await;
    assert_eq!(cache.get("price").await, None);
    assert_elapsed!(60.secs());
}

#[async_test]
async fn a_read_renews_the_time_to_idle() {
    let cache = future::Cache::builder().time_to_idle(60.secs()).build();
    cache.insert("price", 7).await;

    for _ in 0..3 {
        sleep(59.secs()).await;
        assert_eq!(cache.get("price").await, Some(7));
    }
    sleep(60.secs()).await;
    assert_eq!(cache.get("price").await, None);
    assert_elapsed!(237.secs());
}

#[async_test]
async fn one_load_serves_all_who_wait_for_it() {
    let cache = future::Cache::builder().time_to_live(60.secs()).build();
    let loads = AtomicU32::new(0);
    let load = async || {
        sleep(2.secs()).await;
        loads.fetch_add(1, Ordering::Relaxed) + 1
    };

    assert_eq!(join_all((0..10).map(|_| cache.get_with("price", load()))).await, [1; 10]);
    assert_elapsed!(2.secs());

    sleep(1.mins()).await;
    assert_eq!(join_all((0..10).map(|_| cache.get_with("price", load()))).await, [2; 10]);
    assert_elapsed!(64.secs());
}

#[async_test(blocking = "allow")]
async fn a_sync_cache_shares_a_load_among_threads() {
    let cache = sync::Cache::builder().time_to_live(60.secs()).build();
    let loads = AtomicU32::new(0);
    let load = || {
        thread::sleep(2.secs());
        loads.fetch_add(1, Ordering::Relaxed) + 1
    };
    let read = || cache.get_with("price", load);

    let read_in_threads =
        || thread::scope(|scope| [(); 4].map(|()| scope.spawn(read)).map(|read| read.join().unwrap()));
    assert_eq!(read_in_threads(), [1; 4]);
    assert_elapsed!(2.secs());

    thread::sleep(59_999.millis());
    assert_eq!(read_in_threads(), [1; 4]);
    thread::sleep(1.millis());
    assert_eq!(read_in_threads(), [2; 4]);
    assert_elapsed!(64.secs());
}

#[async_test]
async fn the_listener_hears_of_an_expired_value() {
    let expired = Arc::new(AtomicU32::new(0));
    let heard = Arc::clone(&expired);
    let cache = sync::Cache::builder()
        .time_to_live(60.secs())
        .eviction_listener(move |_: Arc<&str>, price: u32, _| heard.store(price, Ordering::Relaxed))
        .build();
    cache.insert("price", 7);

    sleep(59.secs()).await;
    cache.run_pending_tasks();
    assert_eq!(expired.load(Ordering::Relaxed), 0);
    sleep(1.secs()).await;
    cache.run_pending_tasks();
    assert_eq!(expired.load(Ordering::Relaxed), 7);
}
