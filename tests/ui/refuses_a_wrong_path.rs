use standstill::async_test;

#[async_test(standstill = "my crate")]
async fn not_a_path() {}

#[async_test(crate = tokio)]
async fn without_quotes() {}

fn main() {}
