use standstill::async_test;

#[async_test(blocking = "never")]
async fn for_all() {}

#[async_test(blocking(files = "never"))]
async fn for_a_category() {}

#[async_test(blocking(files = true))]
async fn no_word() {}

fn main() {}
