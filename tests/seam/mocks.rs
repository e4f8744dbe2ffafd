use std::thread;

use standstill::mock::MockFn;
use standstill::{mock_fn, patch, patchable, prelude::*};

fn slow(id: u64) -> u64 {
    thread::sleep(1.secs());
    id
}

#[patchable]
fn look_up(id: u64) -> u64 {
    id
}

/// Makes two calls at once, each on a thread of its own.
async fn on_two_threads(call: impl Fn(u64) -> u64 + Clone + Send + 'static) {
    let calls = [1, 2].map(|id| {
        let call = call.clone();
        tokio::task::spawn_blocking(move || call(id))
    });
    for (call, id) in calls.into_iter().zip([1, 2]) {
        assert_eq!(call.await.unwrap(), id);
    }
}

#[async_test]
async fn calls_of_two_threads_wait_at_rest_for_each_other_s_answer() {
    let fetch: MockFn<fn(u64) -> u64> = MockFn::new("fetch");
    fetch.answers(slow);

    on_two_threads(move |id| fetch.call_now(id)).await;

    assert_elapsed!(2.secs());
}

#[async_test]
async fn calls_of_two_threads_wait_at_rest_for_each_other_s_real_function() {
    let fetch = mock_fn!(fn fetch(id: u64) -> u64);
    fetch.wraps(slow);

    on_two_threads(move |id| fetch.call_now(id)).await;

    assert_elapsed!(2.secs());
}

#[async_test]
async fn calls_of_two_threads_wait_at_rest_for_each_other_s_patch() {
    patch!(look_up).answers(slow);

    on_two_threads(look_up).await;

    assert_elapsed!(2.secs());
}

#[async_test]
async fn calls_of_two_threads_wait_at_rest_for_each_other_s_matcher() {
    let fetch: MockFn<fn(u64) -> u64> = MockFn::new("fetch");
    fetch.when_fn("what takes its time", |id| slow(*id) > 0).answers(|id| id);

    on_two_threads(move |id| fetch.call_now(id)).await;

    assert_elapsed!(2.secs());
}

#[cfg(feature = "mockall")]
#[async_test(blocking = "allow")]
async fn a_function_that_sleeps_keeps_nobody_s_clock_who_waits_for_its_script() {
    let script = standstill::mockall::Script::answers(|nth| {
        thread::sleep(1.secs());
        nth
    });
    let threads = [(); 2].map(|()| {
        let script = script.clone();
        thread::spawn(move || futures::FutureExt::now_or_never(script.next()))
    });

    let mut answers = threads.map(|thread| thread.join().unwrap().unwrap());
    answers.sort_unstable();

    assert_eq!(answers, [1, 2]);
    assert_elapsed!(2.secs());
}
