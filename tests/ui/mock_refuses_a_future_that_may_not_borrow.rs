use std::future::Future;
use std::pin::Pin;

use futures::future::BoxFuture;
use standstill::async_mock;

struct Request<'a>(&'a str);

struct Key(u64);

#[async_mock]
trait Users {
    fn fill(&self, into: &mut String) -> BoxFuture<'_, ()>;
    fn send<'x>(&'x self, id: u64, request: Request<'_>) -> Pin<Box<dyn Future<Output = u64> + Send>>;
    fn show(&self, what: &dyn std::fmt::Debug) -> impl Future<Output = u64> + Send + '_;
}

#[async_mock]
trait Keys {
    fn get(&self, key: &Key) -> BoxFuture<'_, u64>;
    fn opaque(&self, id: u64, key: &Key) -> impl Future<Output = u64> + Send + '_;
}

fn main() {
    let _ = (Request("").0, Key(1).0);
}
