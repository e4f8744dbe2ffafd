use standstill::async_test;

#[async_test(timeout = "5s", leaks = "deny", timeout = "6s")]
async fn it_ends() {}

fn main() {}
