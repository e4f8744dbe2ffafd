#[standstill::async_mock(mock_defaults, mock_defaults)]
trait Users {
    fn count(&self) -> u64;
}

fn main() {}
