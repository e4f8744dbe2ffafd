use standstill::async_test;

#[async_test(seeds = 10)]
#[should_panic]
async fn ten_seeds() {}

#[should_panic(expected = "text")]
#[async_test(seed = 1, check_determinism = true)]
async fn two_runs() {}

fn main() {}
