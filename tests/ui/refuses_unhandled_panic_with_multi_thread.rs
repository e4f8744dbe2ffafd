use standstill::async_test;

#[async_test(flavor = "multi_thread", unhandled_panic = "ignore")]
async fn it_goes_on() {}

fn main() {}
