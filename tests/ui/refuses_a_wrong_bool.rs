use standstill::async_test;

#[async_test(start_paused = "true")]
async fn it_starts() {}

fn main() {}
