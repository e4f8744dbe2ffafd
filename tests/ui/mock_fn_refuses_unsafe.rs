fn main() {
    let _ = standstill::mock_fn!(unsafe fn fetch() -> u64);
}
