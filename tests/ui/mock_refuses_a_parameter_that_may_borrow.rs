#[standstill::async_mock]
trait Users {
    async fn find<Q, K: ?Sized>(&self, query: Q, key: &K) -> u64;
}

#[standstill::async_mock]
trait Texts {
    async fn find<Q: Into<String>>(&self, query: Q) -> u64;
    async fn put<Q>(&self, query: Q)
    where
        Q: Into<String> + Clone;
}

#[standstill::async_mock]
#[async_trait::async_trait]
trait Boxed {
    async fn find<Q: Into<String> + Send>(&self, query: Q) -> u64;
}

trait Query {}

/// What somebody's own trait says is known to the compiler only.
#[standstill::async_mock]
trait Queries {
    async fn find<Q: Query>(&self, query: Q) -> u64;
    fn find_now<K, Q>(&self, key: K, query: &Q) -> u64
    where
        K: 'static,
        Q: ?Sized + Query;
}

fn main() {}
