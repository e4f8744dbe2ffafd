use standstill::async_test;

#[async_test(time = "paused")]
async fn it_takes_an_hour() {}

fn main() {}
