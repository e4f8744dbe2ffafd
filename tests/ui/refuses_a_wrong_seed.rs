use standstill::async_test;

#[async_test(seed = "forty-two")]
async fn a_string() {}

#[async_test(seed = -1)]
async fn negative() {}

#[async_test(seed = 18_446_744_073_709_551_616)]
async fn too_large() {}

#[async_test(seeds = 0)]
async fn no_seeds() {}

#[async_test(check_determinism = "yes")]
async fn no_bool() {}

#[async_test(random = "fair")]
async fn no_word() {}

fn main() {}
