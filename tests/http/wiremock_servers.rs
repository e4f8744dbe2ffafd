use std::thread;
use std::time::Instant;

use standstill::prelude::*;
use wiremock::MockServer;

use super::{get, hundred, hundreds_are_exact, slow, slow_by};

#[async_test]
async fn a_hundred_requests_one_after_the_other_take_fifty_seconds() {
    let server = slow_by(500.millis()).await;

    hundred(&server.uri(), 1).await;

    assert_elapsed!(50.secs());
}

#[async_test]
async fn a_hundred_requests_at_once_take_half_a_second() {
    let server = slow_by(500.millis()).await;

    hundred(&server.uri(), 100).await;

    assert_elapsed!(500.millis());
}

#[async_test]
async fn a_hundred_requests_25_at_a_time_take_two_seconds() {
    let server = slow_by(500.millis()).await;

    hundred(&server.uri(), 25).await;

    assert_elapsed!(2.secs());
}

#[async_test(blocking = "allow")]
async fn a_hundred_requests_of_five_threads_take_ten_seconds() {
    let server = slow_by(500.millis()).await;
    let uri = server.uri();

    let threads = [(); 5].map(|()| {
        let uri = uri.clone();
        thread::spawn(move || {
            let client = reqwest::blocking::Client::new();
            for _ in 0..20 {
                assert_eq!(client.get(&uri).send().unwrap().status(), 200);
            }
        })
    });
    for thread in threads {
        thread.join().unwrap();
    }

    assert_elapsed!(10.secs());
}

#[async_test]
async fn a_server_of_its_own_is_exact() {
    let server = slow(MockServer::builder().start().await, 500.millis()).await;

    hundreds_are_exact(&server.uri()).await;
}

#[async_test(flavor = "multi_thread", worker_threads = 4)]
async fn requests_of_many_workers_are_exact() {
    let server = slow_by(500.millis()).await;

    hundreds_are_exact(&server.uri()).await;
}

#[async_test]
async fn a_timeout_of_five_seconds_lets_an_answer_after_three_pass() {
    let server = slow_by(3.secs()).await;
    let client = reqwest::Client::builder().timeout(5.secs()).build().unwrap();

    get(&client, &server.uri()).await;

    assert_elapsed!(3.secs());
}

#[async_test]
async fn a_timeout_of_five_seconds_ends_a_wait_of_ten() {
    let server = slow_by(10.secs()).await;
    let client = reqwest::Client::builder().timeout(5.secs()).build().unwrap();

    let error = client.get(server.uri()).send().await.unwrap_err();

    assert!(error.is_timeout());
    assert_elapsed!(5.secs());
}

#[async_test]
async fn a_blocking_client_s_timeout_is_as_exact() {
    let server = slow_by(10.secs()).await;
    let uri = server.uri();

    let request = tokio::task::spawn_blocking(move || {
        let client = reqwest::blocking::Client::builder().timeout(5.secs()).build().unwrap();
        client.get(uri).send().unwrap_err()
    });

    assert!(request.await.unwrap().is_timeout());
    assert_elapsed!(5.secs());
}

#[async_test]
async fn an_hour_of_delay_takes_no_time() {
    let server = slow_by(1.hours()).await;
    let start = Instant::now();

    get(&reqwest::Client::new(), &server.uri()).await;

    assert_eq!(start.elapsed(), 1.hours());
    assert_elapsed!(1.hours());
}

#[async_test]
async fn servers_with_different_delays_answer_in_their_order() {
    let (slow, fast) = (slow_by(3.secs()).await, slow_by(1.secs()).await);
    let client = reqwest::Client::new();
    let (slow, fast) = (slow.uri(), fast.uri());

    tokio::select! {
        () = get(&client, &slow) => panic!("the slow one was first"),
        () = get(&client, &fast) => {}
    }

    assert_elapsed!(1.secs());
}
