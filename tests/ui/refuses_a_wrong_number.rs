use standstill::async_test;

#[async_test(stuck_after = 0)]
async fn zero() {}

#[async_test(stuck_after = -1)]
async fn negative() {}

#[async_test(flavor = "multi_thread", worker_threads = "two")]
async fn a_string() {}

#[async_test(stuck_after = 100_000_000_000_000_000_000)]
async fn too_large() {}

fn main() {}
