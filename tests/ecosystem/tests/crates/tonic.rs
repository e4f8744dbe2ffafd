//! tonic: a service written by hand, without protoc.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use futures::future::BoxFuture;
use futures::{FutureExt as _, Stream, StreamExt as _, stream};
use standstill::prelude::*;
use standstill::probe::Meter;
use tokio::net::TcpListener;
use tokio::time::sleep;
use tonic::body::Body;
use tonic::client;
use tonic::codegen::http;
use tonic::server::{self, NamedService};
use tonic::transport::server::TcpIncoming;
use tonic::transport::{Channel, Endpoint, Server};
use tonic::{Code, GrpcMethod, Request, Response, Status};
use tonic_prost::ProstCodec;
use tower::{Service, service_fn};

#[derive(Clone, PartialEq, prost::Message)]
struct Order {
    #[prost(uint64, tag = "1")]
    millis: u64,
}

#[derive(Clone, PartialEq, prost::Message)]
struct Parcel {
    #[prost(uint32, tag = "1")]
    number: u32,
}

/// Has two methods: `/Shop/Buy` sends a parcel after the order's time, and `/Shop/Watch` three, each after that time.
#[derive(Clone)]
struct Shop;

type Parcels = Pin<Box<dyn Stream<Item = Result<Parcel, Status>> + Send>>;

async fn buy(order: Request<Order>) -> Result<Response<Parcel>, Status> {
    sleep(order.into_inner().millis.millis()).await;
    Ok(Response::new(Parcel { number: 1 }))
}

async fn watch(order: Request<Order>) -> Result<Response<Parcels>, Status> {
    let pause = order.into_inner().millis.millis();
    let parcels = stream::iter(1..=3).then(move |number| async move {
        sleep(pause).await;
        Ok(Parcel { number })
    });
    Ok(Response::new(parcels.boxed()))
}

impl NamedService for Shop {
    const NAME: &'static str = "Shop";
}

impl Service<http::Request<Body>> for Shop {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        async move {
            let mut grpc = server::Grpc::new(ProstCodec::<_, Order>::default());
            Ok(match request.uri().path() {
                "/Shop/Buy" => grpc.unary(service_fn(buy), request).await,
                _ => grpc.server_streaming(service_fn(watch), request).await,
            })
        }
        .boxed()
    }
}

async fn open() -> Endpoint {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address: SocketAddr = listener.local_addr().unwrap();
    tokio::spawn(Server::builder().add_service(Shop).serve_with_incoming(TcpIncoming::from(listener)));
    Endpoint::from_shared(format!("http://{address}")).unwrap()
}

async fn grpc(channel: Channel) -> client::Grpc<Channel> {
    let mut grpc = client::Grpc::new(channel);
    grpc.ready().await.unwrap();
    grpc
}

async fn call_buy(channel: Channel, delay: Duration, deadline: Option<Duration>) -> Result<u32, Status> {
    let mut request = Request::new(Order { millis: delay.as_millis().try_into().unwrap() });
    if let Some(deadline) = deadline {
        request.set_timeout(deadline);
    }
    request.extensions_mut().insert(GrpcMethod::new("Shop", "Buy"));
    let codec = ProstCodec::<Order, Parcel>::default();
    let path = http::uri::PathAndQuery::from_static("/Shop/Buy");
    Ok(grpc(channel).await.unary(request, path, codec).await?.into_inner().number)
}

#[async_test]
async fn a_unary_call_takes_the_time_of_its_method() {
    let channel = open().await.connect().await.unwrap();

    assert_eq!(call_buy(channel, 1500.millis(), None).await.unwrap(), 1);
    assert_elapsed!(1500.millis());
}

#[async_test]
async fn a_stream_gives_each_message_at_its_time() {
    let channel = open().await.connect().await.unwrap();
    let codec = ProstCodec::<Order, Parcel>::default();
    let path = http::uri::PathAndQuery::from_static("/Shop/Watch");
    let order = Request::new(Order { millis: 60_000 });
    let parcels = Meter::new();

    let mut stream = grpc(channel).await.server_streaming(order, path, codec).await.unwrap().into_inner();
    while let Some(parcel) = stream.message().await.unwrap() {
        parcels.tick();
        assert_eq!(parcel.number as usize, parcels.count());
    }

    assert_eq!(parcels.instants(), [1, 2, 3].map(Units::mins));
}

#[async_test]
async fn a_deadline_ends_a_call() {
    let channel = open().await.connect().await.unwrap();

    let error = call_buy(channel, 10.secs(), Some(5.secs())).await.unwrap_err();

    assert!(matches!(error.code(), Code::Cancelled | Code::DeadlineExceeded), "{error}");
    assert_elapsed!(5.secs());
}

#[async_test]
async fn the_timeout_of_a_channel_ends_a_call() {
    let channel = open().await.timeout(2.secs()).connect().await.unwrap();

    let error = call_buy(channel, 10.secs(), None).await.unwrap_err();

    assert_eq!(error.code(), Code::Cancelled);
    assert_elapsed!(2.secs());
}

#[async_test]
async fn concurrent_calls_share_a_connection() {
    let channel = open().await.connect().await.unwrap();

    let calls = (1..=20).map(|second: u64| call_buy(channel.clone(), second.secs(), None));
    let parcels = futures::future::try_join_all(calls).await.unwrap();

    assert_eq!(parcels, [1; 20]);
    assert_elapsed!(20.secs());
}
