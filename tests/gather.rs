//! asyncio's `gather`, to the instant.

use std::cell::Cell;
use std::convert::Infallible;
use std::error::Error;
use std::future::{pending, ready};
use std::io;
use std::panic::AssertUnwindSafe;
use std::rc::Rc;
use std::time::Duration;

use futures::FutureExt as _;
use proptest::prelude::*;
use standstill::prelude::*;
use standstill::probe::Meter;
use standstill::task::{self, GatherError, gather};
use standstill::{assert_elapsed, clock};
use tokio::time::{sleep, timeout};

/// Gives `value` after so many seconds.
async fn after<T>(seconds: u64, value: T) -> T {
    sleep(seconds.secs()).await;
    value
}

/// Ticks when it is dropped.
struct OnDrop(Meter);

impl Drop for OnDrop {
    fn drop(&mut self) {
        self.0.tick();
    }
}

#[async_test]
async fn results_come_in_argument_order_when_the_slowest_child_is_done() {
    let results = gather([after(3, "a"), after(1, "b"), after(2, "c")]).await;

    assert_eq!(results, Ok(vec!["a", "b", "c"]));
    assert_elapsed!(3.secs());
}

#[async_test]
async fn the_first_error_by_completion_returns_at_once_and_the_siblings_run_on() {
    let ends = Meter::new();
    let child = |seconds, result: Result<&'static str, &'static str>| {
        let ends = ends.clone();
        async move {
            sleep(u64::secs(seconds)).await;
            ends.tick();
            result
        }
    };

    let result = gather([child(3, Ok("a")), child(1, Err("E1")), child(2, Err("E2"))]).await;

    assert_eq!(result, Err(GatherError::Failed("E1")));
    assert_elapsed!(1.secs());

    clock::advance(1.hours()).await;

    assert_eq!(ends.instants(), [1.secs(), 2.secs(), 3.secs()]);
}

#[async_test]
async fn settled_gives_every_result_and_error_when_the_slowest_child_is_done() {
    let results = gather([after(3, Ok("a")), after(1, Err("E1")), after(2, Err("E2"))]).settled().await;

    let results: Vec<_> = results.into_iter().map(Result::unwrap).collect();
    assert_eq!(results, [Ok("a"), Err("E1"), Err("E2")]);
    assert_elapsed!(3.secs());
}

#[async_test]
async fn a_child_cancelled_from_elsewhere_is_an_error_of_the_gather_and_not_of_its_caller() {
    let sibling_s_end = Meter::new();
    let doomed = task::spawn("doomed", pending::<&str>());
    let doom = doomed.abort_handle().unwrap();
    let sibling = task::spawn("sibling", {
        let end = sibling_s_end.clone();
        async move {
            sleep(1.secs()).await;
            end.tick();
            "done"
        }
    });
    tokio::spawn(async move {
        sleep(500.millis()).await;
        doom.abort();
    });

    let result = gather([doomed, sibling]).await;

    assert_eq!(result, Err(GatherError::Cancelled));
    assert_elapsed!(500.millis());

    sleep(10.secs()).await;

    assert_eq!(sibling_s_end.instants(), [1.secs()]);
}

#[async_test]
async fn a_timeout_around_a_gather_cancels_all_children_at_that_instant() {
    let cancelled = Meter::new();
    let children = [3, 4, 5].map(|seconds| {
        let guard = OnDrop(cancelled.clone());
        async move {
            sleep(u64::secs(seconds)).await;
            std::mem::forget(guard);
        }
    });

    let result = timeout(2.secs(), gather(children)).await;
    clock::settle().await;

    assert!(result.is_err());
    assert_eq!(cancelled.instants(), [2.secs(); 3]);
    assert_elapsed!(2.secs());
}

#[async_test]
async fn a_timeout_around_a_settled_gather_cancels_all_children_too() {
    let cancelled = Meter::new();
    let children = [3, 4].map(|seconds| after(seconds, OnDrop(cancelled.clone())).map(std::mem::forget));

    let result = timeout(2.secs(), gather(children).settled()).await;
    clock::settle().await;

    assert!(result.is_err());
    assert_eq!(cancelled.instants(), [2.secs(); 2]);
}

#[async_test]
async fn cancelling_the_task_that_gathers_cancels_the_children_down_to_the_grandchildren() {
    let cancelled = Meter::new();
    let outer = task::spawn("outer", {
        let cancelled = cancelled.clone();
        async move {
            let inner = |cancelled: Meter| async move {
                let grandchildren = [(); 2].map(|()| after(100, OnDrop(cancelled.clone())).map(std::mem::forget));
                gather(grandchildren).await.unwrap();
            };
            gather([inner(cancelled.clone()), inner(cancelled)]).await.unwrap();
        }
    });

    sleep(7.secs()).await;
    outer.abort();
    clock::settle().await;

    assert!(outer.is_finished());
    assert_eq!(cancelled.instants(), [7.secs(); 4]);
}

#[async_test]
async fn no_children_give_an_empty_list_at_once() {
    let results: Result<Vec<u32>, GatherError<Infallible>> = gather(Vec::<std::future::Ready<u32>>::new()).await;

    assert_eq!(results, Ok(vec![]));
    assert_eq!(gather(Vec::<std::future::Ready<u32>>::new()).settled().await.len(), 0);
    assert_elapsed!(0.secs());
}

#[async_test]
async fn of_two_errors_at_one_instant_the_one_that_completed_first_is_given() {
    let slower = async {
        sleep(1.secs()).await;
        tokio::task::yield_now().await;
        Err::<(), _>("slower")
    };
    let faster = async {
        sleep(1.secs()).await;
        Err::<(), _>("faster")
    };

    let result = gather([slower.boxed_local(), faster.boxed_local()]).await;

    assert_eq!(result, Err(GatherError::Failed("faster")));
}

#[async_test]
async fn errors_of_equal_deadlines_complete_in_argument_order() {
    let result = gather([after(1, Err::<(), _>("first")), after(1, Err("second"))]).await;

    assert_eq!(result, Err(GatherError::Failed("first")));
}

#[async_test]
async fn of_tasks_that_failed_before_the_gather_the_one_that_failed_first_is_given() {
    let late = task::spawn("late", after(2, Err::<(), _>("late")));
    let early = task::spawn("early", after(1, Err("early")));
    sleep(3.secs()).await;

    let result = gather([late, early]).await;

    assert_eq!(result, Err(GatherError::Failed("early")));
    assert_elapsed!(3.secs());
}

#[async_test]
async fn children_start_at_the_call_and_not_at_the_first_poll() {
    let gathered = gather([after(2, "a"), after(3, "b")]);

    sleep(3.secs()).await;

    assert_eq!(gathered.await, Ok(vec!["a", "b"]));
    assert_elapsed!(3.secs());
}

#[async_test]
async fn a_task_that_runs_already_is_a_child_from_where_it_is() {
    let task = task::spawn("early bird", after(3, "worm"));
    sleep(2.secs()).await;

    let results = gather([task, task::spawn("late riser", after(2, "nothing"))]).await;

    assert_eq!(results, Ok(vec!["worm", "nothing"]));
    assert_elapsed!(4.secs());
}

#[async_test]
async fn children_need_not_be_send() {
    let sum = Rc::new(Cell::new(0));
    let children = (1..=4).map(|n| {
        let sum = Rc::clone(&sum);
        async move {
            sleep(1.secs()).await;
            sum.set(sum.get() + n);
            Rc::new(n)
        }
    });

    let results = gather(children).await.unwrap();

    assert_eq!(results, [1, 2, 3, 4].map(Rc::new));
    assert_eq!(sum.get(), 10);
    assert_elapsed!(1.secs());
}

#[async_test]
async fn a_child_s_panic_goes_on_in_the_caller_and_the_siblings_run_on() {
    task::expect_panics(1, "boom");
    let sibling = Rc::new(Cell::new(None));
    let done = Rc::clone(&sibling);
    let children = [
        after(2, ()).map(move |()| done.set(Some(clock::elapsed()))).boxed_local(),
        after(1, ()).map(|()| panic!("boom")).boxed_local(),
    ];

    let panic = AssertUnwindSafe(gather(children)).catch_unwind().await.unwrap_err();

    assert_eq!(panic.downcast_ref(), Some(&"boom"));
    assert_elapsed!(1.secs());

    sleep(5.secs()).await;

    assert_eq!(sibling.get(), Some(2.secs()));
}

#[async_test]
async fn settled_gives_errors_panics_and_cancellations_as_values() {
    let cancelled = task::spawn("cancelled", pending());
    let doom = cancelled.abort_handle().unwrap();
    let children = [
        task::spawn("ok", after(1, Ok(1))),
        task::spawn("error", after(2, Err("two"))),
        task::spawn("panic", after(3, ()).map(|()| panic!("three"))),
        cancelled,
    ];
    tokio::spawn(after(4, ()).map(move |()| doom.abort()));

    let results = gather(children).settled().await;

    let [Ok(Ok(1)), Ok(Err("two")), Err(panic), Err(cancelled)] = &results[..] else { panic!("got {results:?}") };
    assert!(panic.is_panic() && panic.to_string().contains("three"));
    assert!(cancelled.is_cancelled());
    assert_elapsed!(4.secs());
}

#[async_test]
async fn ten_thousand_children_keep_their_order() {
    let child = |n: u64| async move {
        sleep(((n * 7919) % 10_000).millis()).await;
        n
    };

    let results = gather((0..10_000).map(child)).await.unwrap();

    assert!(results.into_iter().eq(0..10_000));
    assert_elapsed!(9999.millis());
}

#[async_test]
async fn the_macro_gathers_children_of_different_types_into_a_tuple() {
    let task = task::spawn("three", after(3, 'c'));

    assert_eq!(gather!(after(2, "a"), after(1, 5_u8), task).await, Ok(("a", 5, 'c')));
    assert_elapsed!(3.secs());
}

#[async_test]
async fn the_macro_takes_one_to_eight_children() {
    let one = gather!(ready(1)).await;
    let eight = gather!(ready(1), ready('2'), ready("3"), ready(4.0), ready(()), ready(6_u8), ready(true), ready([8]),);

    assert_eq!(one, Ok((1,)));
    assert_eq!(eight.await, Ok((1, '2', "3", 4.0, (), 6, true, [8])));
}

#[async_test]
async fn the_macro_returns_the_first_error_by_completion_and_lets_the_siblings_run_on() {
    let sibling = task::spawn("sibling", after(3, Ok::<_, &str>("fine")));
    let other = sibling.abort_handle().unwrap();

    let result = gather!(sibling, after(2, Err::<u8, _>("E2")), after(1, Err::<char, _>("E1"))).await;

    assert_eq!(result, Err(GatherError::Failed("E1")));
    assert_elapsed!(1.secs());

    clock::advance(1999.millis()).await;
    assert!(!other.is_finished());

    clock::advance(1.millis()).await;
    assert!(other.is_finished());
}

#[async_test]
async fn the_macro_settles_into_a_tuple_of_values() {
    let cancelled = task::spawn("cancelled", pending::<u8>());
    cancelled.abort();

    let panics = after(2, ()).map(|()| -> char { panic!("boom") });
    let (ok, panic, cancelled) = gather!(after(1, "fine"), panics, cancelled).settled().await;

    assert_eq!(ok.unwrap(), "fine");
    assert!(panic.unwrap_err().is_panic());
    assert!(cancelled.unwrap_err().is_cancelled());
    assert_elapsed!(2.secs());
}

#[async_test]
async fn dropping_what_the_macro_gives_cancels_the_children() {
    let cancelled = Meter::new();
    let child = |seconds| after(seconds, OnDrop(cancelled.clone())).map(std::mem::forget);

    let result = timeout(2.secs(), gather!(child(3), child(4))).await;
    let settled = timeout(1.secs(), gather!(child(3), child(4)).settled()).await;
    clock::settle().await;

    assert!(result.is_err() && settled.is_err());
    assert_eq!(cancelled.instants(), [2.secs(), 2.secs(), 3.secs(), 3.secs()]);
}

#[test]
fn the_error_names_its_source() {
    let failed = GatherError::Failed(io::Error::other("disk full"));
    let cancelled = GatherError::<io::Error>::Cancelled;

    assert_eq!(failed.to_string(), "a gathered task failed");
    assert_eq!(failed.source().unwrap().to_string(), "disk full");
    assert_eq!(cancelled.to_string(), "a gathered task was cancelled");
    assert!(cancelled.source().is_none());
}

proptest! {
    #[test]
    fn gather_gives_all_values_at_the_last_or_the_first_error_at_its_instant(
        children in prop::collection::vec((0_u64..200, prop::bool::weighted(0.9)), 0..40),
    ) {
        let numbered = children.iter().copied().enumerate();
        let first_error = numbered.clone().filter(|(_, (_, is_ok))| !is_ok).min_by_key(|(number, (at, _))| (*at, *number));
        let expected = if let Some((number, (at, _))) = first_error {
            (Err(GatherError::Failed(number)), at.millis())
        } else {
            let last = children.iter().map(|(at, _)| at.millis()).max();
            (Ok((0..children.len()).collect()), last.unwrap_or(Duration::ZERO))
        };

        let gathered = standstill::run(async || {
            let child = |(number, (at, is_ok))| async move {
                sleep(u64::millis(at)).await;
                if is_ok { Ok(number) } else { Err(number) }
            };
            clock::timed(gather(numbered.map(child))).await
        });

        prop_assert_eq!(gathered, expected);
    }
}
