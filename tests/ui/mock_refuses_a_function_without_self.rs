#[standstill::async_mock]
trait Users {
    fn make() -> Self;
}

fn main() {}
