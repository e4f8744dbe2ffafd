#[standstill::async_mock(nice)]
trait Users {
    fn count(&self) -> u64;
}

fn main() {}
