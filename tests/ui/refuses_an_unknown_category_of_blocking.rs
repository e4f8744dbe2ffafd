use standstill::async_test;

#[async_test(blocking(naps = "deny"))]
async fn a_test() {}

fn main() {}
