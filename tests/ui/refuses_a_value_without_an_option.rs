use standstill::async_test;

#[async_test("5s")]
async fn it_ends() {}

fn main() {}
