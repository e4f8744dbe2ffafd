use insta::assert_debug_snapshot;
use standstill::{clock, http, prelude::*};
use tokio::time::sleep;
use wiremock::matchers::method;
use wiremock::{Mock, ResponseTemplate};

use super::{get, hundred, slow_by};

#[async_test]
async fn each_request_has_its_instants_and_its_end() {
    let server = slow_by(2.secs()).await;
    let seen = http::watch(&server);
    let client = reqwest::Client::builder().timeout(1.mins()).build().unwrap();

    get(&client, &(server.uri() + "/orders?page=2")).await;
    server.reset().await;
    Mock::given(method("PUT")).respond_with(ResponseTemplate::new(201)).mount(&server).await;
    client.put(server.uri() + "/orders/7").body("x".repeat(1_000_000)).send().await.unwrap();
    client.get(server.uri() + "/nobody").send().await.unwrap();
    let busy = ResponseTemplate::new(503).set_delay(1.hours());
    Mock::given(method("GET")).respond_with(busy).mount(&server).await;
    client.get(server.uri() + "/too/slow").send().await.unwrap_err();
    clock::settle().await;

    assert_debug_snapshot!(seen, @"
    [
        GET /orders?page=2: arrived at 0.000 s, answered 200 at 2.000 s,
        PUT /orders/7: arrived at 2.000 s, answered 201 at 2.000 s,
        GET /nobody: arrived at 2.000 s, answered 404 at 2.000 s,
        GET /too/slow: arrived at 2.000 s, closed without an answer at 62.000 s,
    ]
    ");
}

#[async_test]
async fn a_request_is_in_flight_until_its_answer() {
    let server = slow_by(2.secs()).await;
    let seen = http::watch(&server);
    let uri = server.uri();
    let request = tokio::spawn(async move { get(&reqwest::Client::new(), &uri).await });

    sleep(1.secs()).await;
    assert_eq!(seen.in_flight(), 1);
    request.await.unwrap();

    assert_eq!(seen.in_flight(), 0);
}

#[async_test]
async fn the_peak_in_flight_is_that_of_the_pool() {
    for at_once in [1, 25, 100] {
        let server = slow_by(500.millis()).await;
        let seen = http::watch(&server);

        hundred(&server.uri(), at_once).await;

        assert_eq!((seen.requests().len(), seen.peak_in_flight()), (100, at_once));
    }
}

#[async_test]
async fn pauses_and_intervals_are_those_of_the_backoff() {
    let server = slow_by(3.secs()).await;
    let seen = http::watch(&server);
    let client = reqwest::Client::new();

    for pause in [1, 2, 4] {
        get(&client, &server.uri()).await;
        sleep(pause.secs()).await;
    }
    let uri = server.uri();
    futures::future::join_all((0..2).map(|_| get(&client, &uri))).await;

    assert_eq!(seen.pauses(), [1, 2, 4, 0].map(Units::secs));
    assert_eq!(seen.intervals(), [4, 5, 7, 0].map(Units::secs));
}

#[async_test]
async fn each_server_has_its_own_requests() {
    let (one, other) = (slow_by(1.secs()).await, slow_by(1.secs()).await);
    let (seen, seen_by_other) = (http::watch(&one), http::watch(&other));
    let client = reqwest::Client::new();

    get(&client, &one.uri()).await;
    get(&client, &one.uri()).await;
    get(&client, &other.uri()).await;

    assert_eq!((seen.requests().len(), seen_by_other.requests().len()), (2, 1));
}

#[async_test]
async fn what_came_before_the_watch_is_not_seen() {
    let server = slow_by(1.secs()).await;
    let client = reqwest::Client::new();
    get(&client, &server.uri()).await;

    let seen = http::watch(&server);
    get(&client, &server.uri()).await;

    assert_debug_snapshot!(seen, @"
    [
        GET /: arrived at 1.000 s, answered 200 at 2.000 s,
    ]
    ");
}

#[test]
fn requests_show_in_the_log_of_a_report() {
    let failure = standstill::Builder::new()
        .try_run(async || {
            let server = slow_by(1.secs()).await;
            let _seen = http::watch(&server);
            get(&reqwest::Client::new(), &server.uri()).await;
            std::future::pending::<()>().await;
        })
        .unwrap_err();

    let report = failure.to_string();
    let servers: Vec<_> = report.lines().filter(|line| line.contains("server 1")).map(str::trim).collect();
    assert_eq!(servers, ["0.000 s  server 1 is asked: GET /", "1.000 s  server 1 answers: 200"]);
}

#[test]
#[should_panic(expected = "http::watch needs sockets in virtual time, but in this test they are not")]
fn on_the_real_clock_nothing_is_watched() {
    standstill::Builder::new().time(standstill::Time::Real).run(async || {
        let _ = http::watch_address(([127, 0, 0, 1], 80).into());
    });
}
