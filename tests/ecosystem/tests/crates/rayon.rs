//! rayon: a pool of four threads.

use std::thread;

use rayon::ThreadPoolBuilder;
use rayon::prelude::*;
use standstill::prelude::*;
use tokio::sync::oneshot;

#[async_test(blocking = "allow")]
async fn four_threads_do_twenty_naps_in_five_rounds() {
    let pool = ThreadPoolBuilder::new().num_threads(4).build().unwrap();

    let sum = pool.install(|| {
        let nap = |number: u32| {
            thread::sleep(1.secs());
            number
        };
        (0..20).into_par_iter().with_max_len(1).map(nap).sum::<u32>()
    });

    assert_eq!(sum, 190);
    assert_elapsed!(5.secs());
}

#[async_test]
async fn a_task_awaits_what_the_pool_computes() {
    let pool = ThreadPoolBuilder::new().num_threads(4).build().unwrap();
    let (sender, result) = oneshot::channel();

    pool.spawn(move || {
        let ((), answer) = rayon::join(|| thread::sleep(2.secs()), || thread::sleep(3.secs()));
        sender.send(answer).unwrap();
    });

    result.await.unwrap();
    assert_elapsed!(3.secs());
}
