use standstill::async_test;

#[async_test(flavor = "threaded_scheduler")]
async fn it_runs() {}

fn main() {}
