#[standstill::async_mock]
trait Users {
    type Item<'a>
    where
        Self: 'a;
    fn get(&self) -> Self::Item<'_>;
}

fn main() {}
