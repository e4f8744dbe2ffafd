use standstill::async_test;

#[async_test(blocking(files = "deny", locks = "deny", files = "warn"))]
async fn a_test() {}

fn main() {}
