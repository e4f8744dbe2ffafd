use standstill::async_test;

#[async_test(time_out = "5s")]
async fn it_ends() {}

#[async_test(standstill::timeout = "5s")]
async fn it_ends_too() {}

fn main() {}
