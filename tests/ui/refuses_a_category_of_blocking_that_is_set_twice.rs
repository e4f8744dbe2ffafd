use standstill::async_test;

#[async_test(blocking(files = "deny", locks = "deny", files = "warn"))]
async fn a_category() {}

#[async_test(blocking(allow_in = "shop::legacy", allow_in = "shop::report"))]
async fn a_rule() {}

fn main() {}
