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
