use standstill::async_test;

#[async_test(start_paused = true, time = "real")]
async fn it_takes_an_hour() {}

fn main() {}
