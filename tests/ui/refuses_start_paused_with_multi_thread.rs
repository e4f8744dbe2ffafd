use standstill::async_test;

#[async_test(start_paused = true, flavor = "multi_thread")]
async fn it_starts() {}

fn main() {}
