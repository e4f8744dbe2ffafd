#[standstill::async_mock(mock_defaults(count, size))]
trait Users {
    fn count(&self) -> u64;
}

fn main() {}
