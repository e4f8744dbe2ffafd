macro_rules! count {
    () => {
        fn count(&self) -> u64;
    };
}

#[standstill::async_mock]
trait Users {
    count!();
}

fn main() {}
