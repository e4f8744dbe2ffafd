#[standstill::async_mock]
trait Users {
    async fn find<Q, K: ?Sized>(&self, query: Q, key: &K) -> u64;
}

/// What a bound says is known to the compiler only.
#[standstill::async_mock]
trait Texts {
    async fn find<Q: Into<String>>(&self, query: Q) -> u64;
}

fn main() {}
