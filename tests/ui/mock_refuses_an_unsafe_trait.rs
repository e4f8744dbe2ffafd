#[standstill::async_mock]
unsafe trait Users {
    fn count(&self) -> u64;
}

fn main() {}
