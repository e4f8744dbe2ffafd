//! Scripts for mockall, and what mockall itself counts in each form of an async trait.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::{Arc, Mutex, OnceLock};
use std::task::{Context, Waker};

use async_trait::async_trait;
use futures::FutureExt;
use mockall::{automock, mock};
use standstill::mockall::Script;
use standstill::{Builder, Kind, clock, prelude::*};
use tokio::time::timeout;

#[automock]
#[async_trait]
trait MockallAbove {
    async fn get(&self, id: u64) -> u64;
}

#[async_trait]
#[automock]
trait MockallBelow {
    async fn get(&self, id: u64) -> u64;
    async fn find(&mut self, name: &str) -> Result<u64, String>;
}

#[automock]
trait Native {
    async fn get(&self, id: u64) -> u64;
}

#[async_trait(?Send)]
#[automock]
trait BelowWithoutSend {
    async fn get(&self, id: u64) -> u64;
}

#[automock]
trait GivesImpl {
    fn get(&self, id: u64) -> impl Future<Output = u64> + Send;
}

#[automock]
trait GivesBox {
    fn get(&self, id: u64) -> Pin<Box<dyn Future<Output = u64> + Send>>;
}

#[automock]
trait GivesImplWithoutSend {
    fn get(&self, id: u64) -> impl Future<Output = u64>;
}

mock! {
    ByHand {}
    #[async_trait]
    impl MockallAbove for ByHand {
        async fn get(&self, id: u64) -> u64;
    }
}

trait NativeToo {
    async fn get(&self, id: u64) -> u64;
    async fn find(&self, name: &str) -> Result<u64, String>;
}

mock! {
    NativeToo {}
    impl NativeToo for NativeToo {
        fn get(&self, id: u64) -> impl Future<Output = u64> + Send;
        fn find(&self, name: &str) -> impl Future<Output = Result<u64, String>> + Send;
    }
}

/// A call of each mock: one dropped unpolled, and one awaited; and how many of them mockall counts.
macro_rules! counts {
    ($mock:ty, $answer:expr) => {{
        let count = Arc::new(Mutex::new(0));
        let mut mock = <$mock>::new();
        let (counter, answer) = (Arc::clone(&count), $answer);
        mock.expect_get().returning(move |_| {
            *counter.lock().unwrap() += 1;
            answer()
        });
        drop(mock.get(7));
        let unpolled = *count.lock().unwrap();
        assert_eq!(mock.get(7).await, 7);
        let awaited = *count.lock().unwrap() - unpolled;
        (unpolled, awaited)
    }};
}

fn panic_text(call: impl FnOnce()) -> String {
    let payload = catch_unwind(AssertUnwindSafe(call)).unwrap_err();
    payload.downcast_ref::<String>().expect("mockall and a script panic with a String").clone()
}

async fn async_panic_text<T>(future: impl Future<Output = T>) -> String {
    let Err(payload) = AssertUnwindSafe(future).catch_unwind().await else { panic!("it did not panic") };
    payload.downcast_ref::<String>().expect("mockall and a script panic with a String").clone()
}

#[async_test]
async fn where_mockall_sees_an_async_fn_the_closure_gives_the_output_and_a_call_counts_when_it_is_polled() {
    assert_eq!(counts!(MockMockallAbove, || 7), (0, 1));
    assert_eq!(counts!(MockNative, || 7), (0, 1));
    assert_eq!(counts!(MockByHand, || 7), (0, 1));
}

#[async_test]
async fn where_mockall_sees_a_future_the_closure_gives_the_future_and_a_call_counts_when_it_is_made() {
    let scripts = [(); 6].map(|()| Script::returns(7));
    let [a, b, c, d, e, f] = scripts.clone();

    assert_eq!(counts!(MockMockallBelow, move || a.next()), (1, 1));
    assert_eq!(counts!(MockGivesImpl, move || b.next()), (1, 1));
    assert_eq!(counts!(MockGivesBox, move || c.next()), (1, 1));
    assert_eq!(counts!(MockNativeToo, move || d.next()), (1, 1));
    assert_eq!(counts!(MockBelowWithoutSend, move || e.next()), (1, 1));
    assert_eq!(counts!(MockGivesImplWithoutSend, move || f.next()), (1, 1));

    assert_eq!(scripts.map(|script| script.used()), [1; 6]);
}

#[test]
fn with_async_trait_above_mockall_takes_a_forgotten_await_for_a_call() {
    let script = Script::returns(7);
    let mut mock = MockMockallBelow::new();
    let steps = script.clone();
    mock.expect_get().times(1).returning(move |_| steps.next());

    drop(mock.get(7));
    drop(mock);

    assert_eq!(script.used(), 0);
}

#[test]
fn with_mockall_above_it_does_not() {
    let mut mock = MockMockallAbove::new();
    mock.expect_get().times(1).returning(|_| 7);

    drop(mock.get(7));

    let text = panic_text(|| drop(mock));
    assert_eq!(text, "MockMockallAbove::get: Expectation(<anything>) called 0 time(s) which is fewer than expected 1");
}

#[test]
fn an_unexpected_call_panics_when_it_counts() {
    let (above, below, native) = (MockMockallAbove::new(), MockMockallBelow::new(), MockNative::new());

    drop(above.get(7));
    drop(native.get(7));
    let text = panic_text(|| drop(below.get(7)));

    assert_eq!(text, "MockMockallBelow::get(7): No matching expectation found");
}

#[async_test]
async fn answers_take_their_time_in_virtual_time() {
    let script = Script::returns(7).after(1.hours());
    let mut mock = MockMockallBelow::new();
    mock.expect_get().times(2).returning(move |_| script.next());

    assert_eq!(mock.get(1).await, 7);
    assert_eq!(mock.get(2).await, 7);

    assert_elapsed!(2.hours());
}

#[async_test]
async fn each_answer_has_a_value_and_a_time_of_its_own() {
    let script =
        Script::sequence([Err("busy".to_owned()), Ok(1), Ok(2)]).after_each([1.secs(), 5.secs()]).then_repeat_last();
    let mut mock = MockMockallBelow::new();
    let steps = script.clone();
    mock.expect_find().returning(move |_| steps.next());

    let mut seen = Vec::new();
    for _ in 0..4 {
        let (answer, took) = clock::timed(mock.find("x")).await;
        seen.push((answer, took));
    }

    let busy = Err("busy".to_owned());
    assert_eq!(seen, [(busy, 1.secs()), (Ok(1), 5.secs()), (Ok(2), 5.secs()), (Ok(2), 5.secs())]);
    assert_eq!(script.used(), 4);
}

#[async_test]
async fn the_order_of_the_methods_does_not_matter() {
    let script = Script::sequence([1, 2]).then_repeat_last().after_each([1.secs()]);

    assert_eq!([script.next().await, script.next().await, script.next().await], [1, 2, 2]);

    assert_elapsed!(3.secs());
}

#[async_test]
async fn a_native_trait_is_answered_late_through_mock() {
    let script = Script::fails("down".to_owned()).after(3.secs());
    let mut mock = MockNativeToo::new();
    mock.expect_find().returning(move |_| script.next());

    assert_eq!(mock.find("x").await.unwrap_err(), "down");

    assert_elapsed!(3.secs());
}

#[async_test]
async fn what_is_pending_is_left_by_a_timeout() {
    let script = Script::pending();
    let mut mock = MockMockallBelow::new();
    let steps = script.clone();
    mock.expect_get().times(1).returning(move |_| steps.next());
    mock.expect_get().times(1).returning(|_| Script::returns(7).next());

    assert!(timeout(30.secs(), mock.get(1)).await.is_err());
    assert_eq!(mock.get(1).await, 7);

    assert_eq!(script.used(), 1);
    assert_elapsed!(30.secs());
}

#[test]
fn a_body_that_awaits_what_is_pending_is_stuck() {
    let failure = Builder::new().try_run(async || Script::<u64>::pending().next().await).unwrap_err();

    assert_eq!(failure.kind(), Kind::Stuck);
}

#[async_test]
async fn a_step_is_taken_when_it_is_polled_and_not_when_it_is_made() {
    let script = Script::sequence(["first", "second"]).after_each([2.secs(), 1.secs()]);
    let [late, early] = [script.next(), script.next()];
    drop(script.next());
    assert_eq!(script.used(), 0);

    assert_eq!(clock::timed(early).await, ("first", 2.secs()));
    assert_eq!(clock::timed(late).await, ("second", 1.secs()));
    assert_eq!(script.used(), 2);
}

#[async_test]
async fn a_step_is_used_though_its_call_is_cancelled() {
    let script = Script::sequence([1, 2]).after(5.secs());

    assert!(timeout(1.secs(), script.next()).await.is_err());

    assert_eq!(script.used(), 1);
    assert_eq!(script.next().await, 2);
    assert_elapsed!(6.secs());
}

#[async_test]
async fn calls_in_flight_at_once_each_have_their_step() {
    let script = Script::sequence([1, 2, 3]).after_each([3.secs(), 1.secs(), 2.secs()]);
    let order = Mutex::new(Vec::new());
    let note = async || {
        let answer = script.next().await;
        order.lock().unwrap().push(answer);
    };

    tokio::join!(note(), note(), note());

    assert_eq!(*order.lock().unwrap(), [2, 3, 1]);
    assert_elapsed!(3.secs());
}

#[async_test]
async fn a_script_at_its_end_says_which_call_and_how_many_steps() {
    let line = line!() + 1;
    let script = Script::sequence([1, 2]);
    script.next().await;
    script.next().await;

    let third = async_panic_text(script.next()).await;
    let fourth = async_panic_text(script.next()).await;

    let text = |nth| {
        format!(
            "call {nth} of the script at tests/mockall.rs:{line}:18 has no step: it has 2 steps\n\n\
             what to do\n  add a step, or `.then_repeat_last()`"
        )
    };
    assert_eq!([third, fourth], [text(3), text(4)]);
    assert_eq!(script.used(), 2);
}

#[async_test]
async fn delays_at_their_end_fail_as_steps_do() {
    let script = Script::returns(1).after_each([1.secs()]);
    script.next().await;

    let text = async_panic_text(script.next()).await;

    assert!(text.starts_with("call 2 of the script at tests/mockall.rs:"), "{text}");
    assert!(text.contains(" has no step: it has 1 step\n"), "{text}");
    assert_eq!(script.used(), 1);
}

#[async_test]
async fn a_call_inside_the_answer_to_another_is_refused() {
    let line = line!() + 2;
    let inner = Arc::new(OnceLock::<Script<String>>::new());
    let script = Script::answers({
        let inner = Arc::clone(&inner);
        move |_| panic_text(|| _ = inner.get().unwrap().next().now_or_never())
    });
    assert!(inner.set(script.clone()).is_ok());

    assert_eq!(
        script.next().await,
        format!(
            "call 2 of the script at tests/mockall.rs:{line}:18 is polled inside the function that answers another\n\n\
             what to do\n  have that function await no call of its own script, or give the inner call a script of its own"
        )
    );
}

#[async_test]
async fn of_no_steps_there_is_no_last_one() {
    let script = Script::<u64>::sequence([]).then_repeat_last();

    assert!(async_panic_text(script.next()).await.contains(": it has 0 steps\n"));
}

#[test]
fn a_script_at_its_end_fails_the_test_though_a_task_made_the_call() {
    let failure = Builder::new().try_run(async || {
        let script = Script::<u64>::sequence([]);
        let mut mock = MockMockallBelow::new();
        mock.expect_get().returning(move |_| script.next());
        tokio::spawn(async move { mock.get(7).await });
        clock::settle().await;
    });

    assert_eq!(failure.unwrap_err().kind(), Kind::TaskPanic);
}

#[test]
fn steps_that_were_never_used_fail_the_test() {
    let line = line!() + 2;
    let failure = Builder::new().try_run(async || {
        let script = Script::sequence([1, 2, 3]);
        let mut mock = MockMockallBelow::new();
        mock.expect_get().returning(move |_| script.next());
        assert_eq!(mock.get(7).await, 1);
    });

    let failure = failure.unwrap_err();
    assert_eq!(failure.kind(), Kind::Mock);
    assert_eq!(
        failure.to_string(),
        format!(
            "standstill: the script at tests/mockall.rs:{line}:22 has 3 steps, and steps 2 to 3 were never used\n  \
             there was 1 call\n\n\
             what to do\n  see why the code makes fewer calls; if it may, say `.may_end_early()` of the script\n"
        )
    );
}

#[test]
fn the_step_of_a_call_that_mockall_counts_and_nobody_awaits_is_not_used() {
    let line = line!() + 2;
    let failure = Builder::new().try_run(async || {
        let script = Script::sequence([1, 2]);
        let mut mock = MockMockallBelow::new();
        mock.expect_get().times(2).returning(move |_| script.next());
        assert_eq!(mock.get(7).await, 1);
        drop(mock.get(8));
    });

    let failure = failure.unwrap_err().to_string();
    let expected = format!(
        "standstill: the script at tests/mockall.rs:{line}:22 has 2 steps, and step 2 was never used\n  \
         there were 2 calls, of which 1 was not polled: a step is used when its call is first polled\n"
    );
    assert!(failure.starts_with(&expected), "{failure}");
}

#[test]
fn delays_that_were_never_used_fail_the_test() {
    let failure = Builder::new().try_run(async || drop(Script::returns(1).after_each([1.secs(), 2.secs()])));

    let failure = failure.unwrap_err().to_string();
    assert!(failure.contains(" has 2 delays, and delays 1 to 2 were never used\n  there were no calls\n"), "{failure}");
}

#[test]
fn a_script_that_a_pending_task_has_is_found_too() {
    let failure = Builder::new().try_run(async || {
        let script = Script::sequence([1]);
        tokio::spawn(async move {
            std::future::pending::<()>().await;
            script.next().await
        });
    });

    assert_eq!(failure.unwrap_err().kind(), Kind::Mock);
}

#[test]
fn a_script_made_outside_belongs_to_the_test_that_uses_it() {
    let script = Script::sequence([1, 2]);
    let steps = script.clone();

    let failure = Builder::new().try_run(async move || steps.next().await);

    assert_eq!(failure.unwrap_err().kind(), Kind::Mock);
    drop(script);
}

#[async_test]
async fn a_script_that_may_end_early_may() {
    let script = Script::sequence([1, 2]).after_each([1.secs(), 2.secs(), 3.secs()]).may_end_early();

    assert_eq!(script.next().await, 1);
}

#[test]
fn outside_a_bubble_the_last_clone_fails_when_it_is_dropped() {
    let line = line!() + 1;
    let script = Script::sequence([1]);
    drop(script.clone());

    let text = panic_text(|| drop(script));

    assert_eq!(
        text,
        format!(
            "the script at tests/mockall.rs:{line}:18 has 1 step, and step 1 was never used\n  there were no calls\n\n\
             what to do\n  see why the code makes fewer calls; if it may, say `.may_end_early()` of the script"
        )
    );
}

#[test]
fn the_body_s_own_panic_comes_before_what_is_left_of_a_script() {
    let outside = panic_text(|| {
        let _script = Script::sequence([1]);
        panic!("{}", "the body's own");
    });
    let inside = Builder::new().try_run(async || {
        let _script = Script::sequence([1]);
        panic!("{}", "the body's own");
    });

    assert_eq!(outside, "the body's own");
    assert_eq!(inside.unwrap_err().kind(), Kind::Panic);
}

#[async_test]
async fn a_function_answers_by_the_number_of_the_call_and_may_ask_the_script() {
    let script = Arc::new(Mutex::new(None::<Script<Result<usize, std::io::Error>>>));
    let itself = Arc::clone(&script);
    let made = Script::answers(move |nth| {
        let used = itself.lock().unwrap().as_ref().unwrap().used();
        if nth == 1 { Err(std::io::ErrorKind::TimedOut.into()) } else { Ok(used) }
    });
    *script.lock().unwrap() = Some(made.clone());

    assert_eq!(made.next().await.unwrap_err().kind(), std::io::ErrorKind::TimedOut);
    assert_eq!(made.next().await.unwrap(), 2);
}

#[async_test]
async fn what_is_send_but_not_sync_can_be_answered() {
    let script = Script::sequence([Cell::new(7)]).after(1.secs());
    let call = tokio::spawn(script.next());

    assert_eq!(call.await.unwrap().get(), 7);
}

#[test]
fn a_delay_without_a_runtime_says_what_it_needs() {
    let mut call = Script::returns(7).after(1.secs()).next();

    let payload = catch_unwind(AssertUnwindSafe(|| call.as_mut().poll(&mut Context::from_waker(Waker::noop()))));

    assert_eq!(
        *payload.unwrap_err().downcast_ref::<&str>().unwrap(),
        "a script with `after` waits on tokio's clock: await the call under #[async_test], or inside a tokio runtime"
    );
}
