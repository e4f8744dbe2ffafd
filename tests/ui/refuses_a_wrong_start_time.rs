use standstill::async_test;

#[async_test(start_time = "tomorrow")]
async fn words() {}

#[async_test(start_time = "1969-12-31T23:59:59Z")]
async fn too_early() {}

#[async_test(start_time = "9999-12-31T23:59:59Z")]
async fn too_late() {}

#[async_test(start_time = 0)]
async fn a_number() {}

fn main() {}
