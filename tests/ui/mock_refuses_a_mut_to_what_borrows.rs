#[standstill::async_mock]
trait Users {
    fn fill(&self, into: &mut Vec<&str>);
}

fn main() {}
