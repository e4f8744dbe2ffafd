#[standstill::async_mock]
#[async_trait]
trait Below {
    async fn get(&self, key: &str) -> u64;
}

#[async_trait]
#[standstill::async_mock]
trait Above {
    async fn get(&self, key: &str) -> u64;
}

fn main() {
    let _ = (MockBelow::new(), MockAbove::new());
}
