use standstill::async_test;

#[async_test]
#[test]
async fn under_std() {}

#[async_test]
#[tokio::test(start_paused = true)]
async fn under_tokio() {}

#[standstill::test]
#[async_test]
async fn under_itself() {}

#[tokio::test]
#[async_test]
async fn below_tokio() {}

fn main() {
    drop((under_std(), under_tokio(), under_itself()));
    below_tokio();
}
