fn main() {
    let _ = standstill::mock_fn!(fn fill(into: &mut Vec<&str>));
}
