use standstill::async_test;

#[async_test(blocking(files))]
async fn a_category() {}

#[async_test(blocking("deny"))]
async fn a_level() {}

#[async_test(blocking())]
async fn nothing() {}

#[async_test(blocking)]
async fn alone() {}

fn main() {}
