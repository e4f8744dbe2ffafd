use standstill::async_test;

#[async_test(blocking(allow_in = 7))]
async fn a_number() {}

#[async_test(blocking(allow_in = ""))]
async fn nothing() {}

#[async_test(blocking(allow_in = ["shop::legacy", shop::courier]))]
async fn a_path() {}

fn main() {}
