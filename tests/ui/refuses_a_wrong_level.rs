use standstill::async_test;

#[async_test(leaks = "forbid")]
async fn an_unknown_level() {}

#[async_test(task_panics = Level::Deny)]
async fn an_expression() {}

fn main() {}
