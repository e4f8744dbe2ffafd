use standstill::async_test;

#[async_test(start_paused)]
async fn bare() {}

#[async_test(timeout("5s"))]
async fn in_brackets() {}

#[async_test(timeout = )]
async fn unfinished() {}

fn main() {}
