//! tower's layers around requests that go over the loopback to wiremock.

use std::time::Duration;

use reqwest::{Client, Response, StatusCode};
use standstill::prelude::*;
use standstill::probe::Meter;
use tokio::time::{Sleep, sleep};
use tower::retry::Policy;
use tower::timeout::error::Elapsed;
use tower::{Service, ServiceBuilder, ServiceExt as _, service_fn};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

/// Doubles its pause after each answer that is no success.
#[derive(Clone)]
struct Backoff {
    pause: Duration,
    left: u32,
}

impl Policy<(), Response, reqwest::Error> for Backoff {
    type Future = Sleep;

    fn retry(&mut self, _request: &mut (), result: &mut Result<Response, reqwest::Error>) -> Option<Sleep> {
        let failed = !matches!(result, Ok(response) if response.status().is_success());
        if !failed || self.left == 0 {
            return None;
        }
        let pause = self.pause;
        *self = Self { pause: pause * 2, left: self.left - 1 };
        Some(sleep(pause))
    }

    fn clone_request(&mut self, _request: &()) -> Option<()> {
        Some(())
    }
}

async fn server(answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    server
}

fn shop(server: &MockServer) -> impl Service<(), Response = Response, Error = reqwest::Error, Future: Send> + Clone {
    let (client, url) = (Client::builder().no_proxy().build().unwrap(), server.uri());
    service_fn(move |()| client.get(&url).send())
}

#[async_test]
async fn a_timeout_layer_ends_a_slow_request() {
    let server = server(ResponseTemplate::new(200).set_delay(10.secs())).await;
    let service = ServiceBuilder::new().timeout(5.secs()).service(shop(&server));

    let error = service.oneshot(()).await.unwrap_err();

    assert!(error.is::<Elapsed>());
    assert_elapsed!(5.secs());
}

#[async_test]
async fn a_rate_limit_spreads_requests_over_its_periods() {
    let server = server(ResponseTemplate::new(200)).await;
    let mut service = ServiceBuilder::new().rate_limit(10, 1.secs()).service(shop(&server));
    let requests = Meter::new();

    for _ in 0..100 {
        let service = service.ready().await.unwrap();
        requests.tick();
        service.call(()).await.unwrap();
    }

    requests.assert_at_most(10, 1.secs());
    assert_elapsed!(9.secs());
}

#[async_test]
async fn a_retry_backs_off_between_its_requests() {
    let server = server(ResponseTemplate::new(503).set_delay(500.millis())).await;
    let policy = Backoff { pause: 1.secs(), left: 3 };
    let service = ServiceBuilder::new().retry(policy).service(shop(&server));

    let response = service.oneshot(()).await.unwrap();

    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(server.received_requests().await.unwrap().len(), 4);
    assert_elapsed!(9.secs());
}
