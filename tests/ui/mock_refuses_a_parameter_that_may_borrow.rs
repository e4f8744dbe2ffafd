#[standstill::async_mock]
trait Users {
    async fn find<Q: Into<String>, K>(&self, query: Q, key: K) -> u64
    where
        K: Clone;
}

fn main() {}
