use standstill::async_test;

#[async_test(flavor = "multi_thread", time = "virtual")]
async fn it_takes_an_hour() {}

fn main() {}
