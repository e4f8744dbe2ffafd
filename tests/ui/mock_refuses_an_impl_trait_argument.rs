#[standstill::async_mock]
trait Users {
    fn find(&self, query: impl Into<String>) -> u64;
}

fn main() {}
