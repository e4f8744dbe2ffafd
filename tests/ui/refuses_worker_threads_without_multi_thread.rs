use standstill::async_test;

#[async_test(worker_threads = 2)]
async fn by_default() {}

#[async_test(flavor = "current_thread", worker_threads = 2)]
async fn on_one_thread() {}

fn main() {}
