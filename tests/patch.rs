//! Functions that tests put mocks in place of.

use standstill::mock::{always, eq};
use standstill::{Builder, Kind, patch, patchable, prelude::*};

#[patchable]
async fn fetch(id: u64) -> Result<String, String> {
    Ok(format!("the real {id}"))
}

#[patchable]
fn now_in_paris(zone: &str) -> u64 {
    zone.len() as u64
}

struct Client {
    base: &'static str,
}

#[patchable]
impl Client {
    const NAME: &'static str = "client";

    async fn get(&self, path: &str, tries: Option<&u32>) -> String {
        let Self { base } = self;
        format!("{base}/{path} {tries:?} by {}", Self::NAME)
    }

    fn twin(&self) -> Self {
        Self { base: self.base }
    }
}

mod deep {
    pub(crate) mod down {
        #[standstill::patchable]
        pub(crate) async fn answer() -> u32 {
            42
        }
    }
}

#[async_test]
async fn without_a_patch_the_real_function_runs() {
    assert_eq!(fetch(7).await.unwrap(), "the real 7");
    assert_eq!(now_in_paris("CET"), 3);
    assert_eq!(Client { base: "http:" }.get("x", None).await, "http:/x None by client");
}

#[async_test]
async fn a_patch_stands_in_for_the_function() {
    let fetch_mock = patch!(fetch);
    fetch_mock.when(eq(7)).after(2.secs()).returns(Ok("seven".to_owned()));

    assert_eq!(fetch(7).await.unwrap(), "seven");

    assert_elapsed!(2.secs());
    fetch_mock.assert_called_once_with(7);
}

#[async_test]
async fn sync_functions_methods_and_functions_of_other_modules_are_patched_too() {
    patch!(now_in_paris).when(eq("CET")).returns(12);
    patch!(Client::get).when((eq("x"), always())).returns("patched".to_owned());
    patch!(Client::twin).answers(|()| Client { base: "twin" });
    patch!(deep::down::answer).returns(43);

    let client = Client { base: "http:" };

    assert_eq!(now_in_paris("CET"), 12);
    assert_eq!(client.get("x", Some(&1)).await, "patched");
    assert_eq!(client.twin().base, "twin");
    assert_eq!(deep::down::answer().await, 43);
}

#[async_test]
async fn tasks_and_blocking_jobs_of_the_bubble_see_the_patch() {
    patch!(fetch).returns(Ok("patched".to_owned()));
    patch!(now_in_paris).returns(1);

    assert_eq!(tokio::spawn(fetch(1)).await.unwrap().unwrap(), "patched");
    assert_eq!(tokio::task::spawn_blocking(|| now_in_paris("CET")).await.unwrap(), 1);
}

#[test]
fn bubbles_that_run_in_parallel_do_not_meet() {
    let threads: Vec<_> = (0..8)
        .map(|number| {
            std::thread::spawn(move || {
                standstill::run(async || {
                    patch!(deep::down::answer).returns(number).after(1.secs());
                    assert_eq!(deep::down::answer().await, number);
                });
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
}

#[test]
fn a_patch_is_gone_at_the_end_of_its_bubble() {
    standstill::run(async || {
        patch!(deep::down::answer).returns(1);
        assert_eq!(deep::down::answer().await, 1);
    });

    standstill::run(async || assert_eq!(deep::down::answer().await, 42));
}

#[test]
fn a_patch_that_is_never_called_fails_the_test() {
    let failure = Builder::new().try_run(async || drop(patch!(fetch).fails("no".to_owned()))).unwrap_err();

    assert_eq!(failure.kind(), Kind::Mock);
}

#[patchable]
async fn countdown(from: u64) -> u64 {
    if from > 0 {
        tokio::time::sleep(1.secs()).await;
        return Box::pin(countdown(from - 1)).await + 1;
    }
    0
}

#[async_test]
async fn the_real_function_is_spied_on_where_its_patch_stands() {
    let spy = patch!(fetch);
    spy.wraps(fetch);
    let sync_spy = patch!(now_in_paris);
    sync_spy.wraps(now_in_paris);

    assert_eq!(fetch(7).await.unwrap(), "the real 7");
    assert_eq!(tokio::spawn(fetch(8)).await.unwrap().unwrap(), "the real 8");
    assert_eq!(now_in_paris("CET"), 3);

    spy.assert_calls([7, 8]);
    sync_spy.assert_called_once_with("CET");
}

#[async_test]
async fn a_spy_on_a_function_that_awaits_and_calls_itself_sees_the_first_call() {
    let spy = patch!(countdown);
    spy.wraps(countdown);

    let (three, two) = tokio::join!(countdown(3), countdown(2));

    assert_eq!((three, two), (3, 2));
    assert_elapsed!(3.secs());
    spy.assert_calls([3, 2]);
}

#[async_test]
async fn the_answer_of_a_patch_calls_the_real_function_before_and_after_it_awaits() {
    let patched = patch!(fetch);
    patched.answers_async(|id| async move {
        let before = fetch(id).await?;
        tokio::time::sleep(1.secs()).await;
        Ok(format!("{before}, {}", fetch(id + 1).await?))
    });
    patch!(now_in_paris).answers(|zone| now_in_paris(zone) + 1);

    assert_eq!(fetch(1).await.unwrap(), "the real 1, the real 2");
    assert_eq!(now_in_paris("CET"), 4);

    assert_eq!(patched.called(), 1);
}

#[async_test]
async fn a_patch_stands_again_after_its_answer_panicked() {
    let patched = patch!(now_in_paris);
    patched.answers(|_| panic!("no clock")).times(1);
    patched.returns(12);

    std::panic::catch_unwind(|| now_in_paris("CET")).unwrap_err();

    assert_eq!(now_in_paris("CET"), 12);
}
