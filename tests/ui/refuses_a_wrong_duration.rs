use standstill::async_test;

#[async_test(timeout = 5)]
async fn a_number() {}

#[async_test(timeout = Duration::from_secs(5))]
async fn an_expression() {}

#[async_test(wall_timeout = "5 parsecs")]
async fn an_unknown_unit() {}

#[async_test(wall_timeout = "5")]
async fn no_unit() {}

fn main() {}
