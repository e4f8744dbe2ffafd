trait Named {
    type Name;
}

#[standstill::async_mock]
trait Users: Named {
    fn name(&self) -> Self::Name;
}

fn main() {}
