use standstill::async_test;

#[async_test(seed = 42, random = "real")]
async fn randomness_is_real() {}

#[async_test(time = "real", seeds = 10)]
async fn time_is_real() {}

#[async_test(start_paused = true, check_determinism = true)]
async fn the_clock_is_tokio_s() {}

#[async_test(random = "real", time = "real", start_paused = false, check_determinism = false)]
async fn nothing_is_asked_for() {}

fn main() {}
