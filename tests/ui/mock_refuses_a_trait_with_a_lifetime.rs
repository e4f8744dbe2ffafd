#[standstill::async_mock]
trait Users<'a> {
    fn get(&self, key: &'a str) -> u64;
}

fn main() {}
