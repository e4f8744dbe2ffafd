fn main() {
    let _ = standstill::mock_fn!(fn fetch(&self) -> u64);
}
