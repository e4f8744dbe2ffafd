fn main() {
    let _ = standstill::mock_fn!(fetch);
}
