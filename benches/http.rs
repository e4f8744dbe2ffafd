//! What a request costs in virtual time against the same in real time without a delay. Read the ratios, not the times.
use criterion::{Criterion, criterion_group, criterion_main};
use reqwest::Client;
use standstill::{Builder, Time, prelude::*};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

const REQUESTS: usize = 100;

/// Requests on one connection, one after the other.
async fn requests(answer: ResponseTemplate) {
    // Not one of the pool's, whose threads the other side of the comparison may have started.
    let server = MockServer::builder().start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    let (client, uri) = (Client::new(), server.uri());
    for _ in 0..REQUESTS {
        assert_eq!(client.get(&uri).send().await.unwrap().status(), 200);
    }
}

fn round_trips(criterion: &mut Criterion) {
    let at_once = || ResponseTemplate::new(200);
    let mut group = criterion.benchmark_group("a hundred requests to wiremock");
    group.sample_size(20);
    group.bench_function("tokio, no delay", |bench| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        bench.iter(|| runtime.block_on(requests(at_once())));
    });
    group.bench_function("standstill on the real clock, no delay", |bench| {
        bench.iter(|| Builder::new().time(Time::Real).run(async || requests(at_once()).await));
    });
    group.bench_function("standstill, no delay", |bench| {
        bench.iter(|| standstill::run(async || requests(at_once()).await));
    });
    group.bench_function("standstill, a delay of a second each", |bench| {
        bench.iter(|| standstill::run(async || requests(at_once().set_delay(1.secs())).await));
    });
    group.finish();
}

criterion_group!(benches, round_trips);
criterion_main!(benches);
