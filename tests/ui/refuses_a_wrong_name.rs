use standstill::async_test;

#[async_test(name = "")]
async fn empty() {}

#[async_test(name = 7)]
async fn a_number() {}

fn main() {}
