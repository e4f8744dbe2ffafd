#[standstill::async_mock(type Error = u8, const SIZE = 3)]
trait Users {
    fn count(&self) -> u64;
}

fn main() {}
