fn main() {
    let _ = standstill::mock_fn!(async fn fetch<T>(id: T) -> u64);
}
