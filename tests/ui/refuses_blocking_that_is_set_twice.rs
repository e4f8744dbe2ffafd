use standstill::async_test;

#[async_test(blocking = "deny", blocking(files = "warn"))]
async fn a_test() {}

fn main() {}
