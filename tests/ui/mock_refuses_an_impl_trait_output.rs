#[standstill::async_mock]
trait Users {
    fn all(&self) -> impl Iterator<Item = u64>;
}

fn main() {}
