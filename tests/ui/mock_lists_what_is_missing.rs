#[standstill::async_mock(type Error = std::io::Error)]
trait Users {
    type Error;
    type Item;
    const SIZE: usize;
    const MORE: usize = 1;
    fn get(&self) -> Result<Self::Item, Self::Error>;
}

fn main() {}
