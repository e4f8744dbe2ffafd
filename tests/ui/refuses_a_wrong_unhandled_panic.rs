use standstill::async_test;

#[async_test(unhandled_panic = "abort")]
async fn it_goes_on() {}

fn main() {}
