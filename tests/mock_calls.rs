//! What a call of a mock is, beside one of a hand-written function.

use std::cell::RefCell;
use std::future::{Future, IntoFuture};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::mpsc;
use std::task::{Context, Poll, Waker};
use std::thread;

use proptest::prelude::*;
use standstill::mock::{
    Gate, MockFn, Outcome, Sequence, eq, gt,
    predicate::{always, function},
};
use standstill::{Builder, Kind, Level, clock, mock_fn, prelude::*, task};
use tokio::time::timeout;

/// Notes when it is dropped.
struct Noted(&'static str, Rc<RefCell<Vec<&'static str>>>);

impl Drop for Noted {
    fn drop(&mut self) {
        self.1.borrow_mut().push(self.0);
    }
}

async fn by_hand(_first: Noted, _second: Noted) {}

async fn by_hand_and_slow(_first: Noted, _second: Noted) {
    std::future::pending::<()>().await;
}

/// The order in which a future drops its two arguments.
fn drops<F: Future<Output = ()>>(make: impl FnOnce(Noted, Noted) -> F, is_polled: bool) -> Vec<&'static str> {
    let order = Rc::default();
    let future = make(Noted("first", Rc::clone(&order)), Noted("second", Rc::clone(&order)));
    let mut future = Box::pin(future);
    if is_polled {
        let _ = future.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    }
    drop(future);
    order.take()
}

#[async_test(never_polled = "allow")]
async fn arguments_are_dropped_in_the_order_of_a_hand_written_function() {
    let quick = mock_fn!(async fn quick(first: Noted, second: Noted));
    quick.returns(());
    let slow = mock_fn!(async fn slow(first: Noted, second: Noted));
    slow.pending();

    for is_polled in [true, false] {
        assert_eq!(drops(|a, b| quick.call((a, b)), is_polled), drops(by_hand, is_polled));
        assert_eq!(drops(|a, b| slow.call((a, b)), is_polled), drops(by_hand_and_slow, is_polled));
    }
}

#[async_test]
async fn a_call_of_what_can_be_sent_can_be_sent() {
    fn assert_send<T: Send>(value: T) -> T {
        value
    }
    let fetch: MockFn<fn(u64) -> u64> = MockFn::new("fetch");
    fetch.returns(7);

    assert_eq!(assert_send(fetch.call(1)).await, 7);
}

#[async_test]
async fn what_is_neither_clone_nor_debug_is_shown_by_its_type_and_given_to_the_answer() {
    struct Secret(u32);
    let open = mock_fn!(async fn open(secret: Secret, name: &str) -> u32);
    open.when((always(), eq("x"))).answers(|(Secret(number), _)| number);

    assert_eq!(open.call((Secret(7), "x")).await, 7);

    let text = format!("{:?}", open.calls()[0]);
    assert!(text.contains("name: \"x\""), "{text}");
    assert!(text.contains("secret: <"), "{text}");
}

#[async_test]
async fn a_mutable_argument_is_written_by_the_answer() {
    let read = mock_fn!(async fn read(buffer: &mut [u8]) -> usize);
    read.answers(|buffer| {
        buffer[0] = 7;
        1
    });
    let mut buffer = [0; 2];

    assert_eq!(read.call(&mut buffer).await, 1);

    assert_eq!(buffer, [7, 0]);
}

#[async_test]
async fn the_real_function_that_a_spy_wraps_may_borrow() {
    async fn length(text: &str) -> usize {
        text.len()
    }
    let spy = mock_fn!(async fn length(text: &str) -> usize);
    spy.wraps(length);

    assert_eq!(spy.call("four").await, 4);
    spy.assert_called_once_with("four");
}

#[async_test]
async fn an_async_answer_that_is_not_send_is_given_locally() {
    let count: MockFn<fn() -> u32> = MockFn::new("count");
    let shared = Rc::new(RefCell::new(0));
    count.always().local().answers_async({
        let shared = Rc::clone(&shared);
        move |()| {
            let shared = Rc::clone(&shared);
            async move {
                tokio::time::sleep(1.secs()).await;
                *shared.borrow_mut() += 1;
                *shared.borrow()
            }
        }
    });

    assert_eq!(count.call(()).await, 1);
    assert_eq!(*shared.borrow(), 1);
}

#[async_test]
async fn a_sync_function_answers_at_once() {
    let add = mock_fn!(fn add(left: u32, right: u32) -> u32);
    add.answers(|(left, right)| left + right);

    assert_eq!(add.call_now((1, 2)), 3);
    assert_eq!(add.completed(), 1);
}

/// What a test may do with a call that it holds.
#[derive(Clone, Copy, Debug)]
enum Step {
    Make,
    Poll(usize),
    Drop(usize),
    Open,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => Just(Step::Make),
        3 => (0..6_usize).prop_map(Step::Poll),
        2 => (0..6_usize).prop_map(Step::Drop),
        1 => Just(Step::Open),
    ]
}

proptest! {
    #[test]
    fn called_is_the_sum_of_what_became_of_the_calls(steps in prop::collection::vec(step(), 0..40)) {
        Builder::new().never_polled(Level::Allow).run(async || {
            let tick: MockFn<fn() -> u32> = MockFn::new("tick");
            let gate = tick.always().times(..).gate();
            let mut calls: Vec<Pin<Box<dyn Future<Output = u32>>>> = Vec::new();
            let mut completed = 0;
            for step in steps {
                match step {
                    Step::Make => calls.push(Box::pin(tick.call(()))),
                    Step::Poll(place) if place < calls.len() => {
                        let polled = calls[place].as_mut().poll(&mut Context::from_waker(Waker::noop()));
                        if polled == Poll::Ready(7) {
                            completed += 1;
                            drop(calls.remove(place));
                        }
                    }
                    Step::Drop(place) if place < calls.len() => drop(calls.remove(place)),
                    Step::Open => gate.open(7),
                    Step::Poll(_) | Step::Drop(_) => {}
                }
                assert_eq!(tick.in_flight(), calls.len());
                assert_eq!(tick.completed(), completed);
                assert_eq!(tick.called(), tick.never_polled() + tick.in_flight() + tick.completed() + tick.cancelled());
            }
        });
    }
}

#[async_test]
async fn a_panic_in_an_answer_counts_as_cancelled_and_a_timeout_tells_its_instant() {
    let fetch: MockFn<fn(u64) -> u64> = MockFn::new("fetch");
    fetch.when(eq(1)).answers_async(|_| async { panic!("the answer's own") });
    fetch.when(eq(2)).pending();
    standstill::task::expect_panics(1, "the answer's own");

    tokio::spawn(fetch.call(1)).await.unwrap_err();
    assert!(timeout(3.secs(), fetch.call(2)).await.is_err());
    clock::settle().await;

    assert_eq!(fetch.cancelled(), 2);
    insta::assert_debug_snapshot!(fetch.calls(), @r#"
    [
        1. fetch(1): called at 0.000 s, panicked at 0.000 s,
        2. fetch(2): called at 0.000 s, cancelled at 3.000 s,
    ]
    "#);
}

/// Panics when it is dropped, unless it is a copy.
#[derive(Debug)]
struct Bomb {
    is_copy: bool,
}

impl Clone for Bomb {
    fn clone(&self) -> Self {
        Self { is_copy: true }
    }
}

impl Drop for Bomb {
    fn drop(&mut self) {
        assert!(self.is_copy, "in an argument's destructor");
    }
}

#[test]
fn a_sync_call_that_panics_counts_as_cancelled_wherever_it_panics() {
    let fetch: MockFn<fn(u64, Bomb) -> u64> = MockFn::new("fetch");
    fetch.when_fn("nothing", |(id, _)| *id == 1 && panic!("in a matcher")).times(..);
    fetch.when((eq(2), always())).answers(|_| panic!("in an answer"));
    fetch.always().returns(7);

    for id in [1, 2] {
        catch_unwind(AssertUnwindSafe(|| fetch.call_now((id, Bomb { is_copy: true })))).unwrap_err();
    }
    catch_unwind(AssertUnwindSafe(|| fetch.call_now((3, Bomb { is_copy: false })))).unwrap_err();
    fetch.call_now((4, Bomb { is_copy: true }));

    assert_eq!((fetch.called(), fetch.polled(), fetch.in_flight(), fetch.peak_in_flight()), (4, 4, 0, 1));
    assert_eq!((fetch.completed(), fetch.cancelled()), (1, 3));
    let outcomes = fetch.calls().into_iter().map(|call| call.outcome);
    assert!(outcomes.eq([Outcome::Panicked, Outcome::Panicked, Outcome::Panicked, Outcome::Completed]));
}

/// Gives a mock a rule.
type GiveRule = fn(&MockFn<fn(u64) -> u64>);

#[test]
fn a_sync_call_whose_rule_would_have_it_wait_says_so() {
    async fn real(id: u64) -> u64 {
        id
    }
    let first_rule = line!() + 3;
    let at = |line: u32| format!("{}:{line}", file!());
    let waiting: [(&str, u32, GiveRule); 4] = [
        ("pending", 44, |fetch| drop(fetch.always().pending())),
        ("gate", 41, |fetch| drop(fetch.always().gate())),
        ("wraps", 42, |fetch| drop(fetch.always().wraps(real))),
        ("after", 42, |fetch| drop(fetch.always().after(1.secs()).returns(7))),
    ];
    for (number, (name, column, rule)) in (0..).zip(waiting) {
        let fetch = MockFn::new(name);
        rule(&fetch);
        let panic = catch_unwind(AssertUnwindSafe(|| fetch.call_now(1))).unwrap_err();
        let called = at(line!() - 1);
        let stands = at(first_rule + number);
        assert_eq!(
            panic.downcast_ref::<String>().unwrap(),
            &format!(
                "\
the call {name}(1) is made by `call_now`, and its answer may take its time
  called at {called}:60
  the rule stands at {stands}:{column}

the calls
  1. {name}(1): called, refused

what to do
  make it by `.call(..)` and await it, or have it answered at once: `.returns(..)`, `.answers(..)`"
            )
        );
        catch_unwind(AssertUnwindSafe(|| drop(fetch))).unwrap_err();
    }
}

#[test]
fn a_mock_is_verified_while_another_thread_is_inside_an_answer_that_asks_it() {
    let fetch: MockFn<fn(u64) -> usize> = MockFn::new("fetch");
    let (inside, is_inside) = mpsc::channel();
    let (verified, is_verified) = mpsc::channel();
    let asked = fetch.clone();
    fetch.answers(move |_| {
        inside.send(()).unwrap();
        is_verified.recv().unwrap();
        asked.called()
    });

    thread::scope(|threads| {
        let call = threads.spawn(|| fetch.call_now(1));
        is_inside.recv().unwrap();
        fetch.checkpoint();
        verified.send(()).unwrap();

        assert_eq!(call.join().unwrap(), 0);
    });
}

#[test]
fn a_call_that_is_refused_counts_once() {
    let failure = Builder::new()
        .try_run(async || {
            let fetch: MockFn<fn(u64) -> u64> = MockFn::new("fetch");
            catch_unwind(AssertUnwindSafe(|| fetch.call_now(1))).unwrap_err();
            task::expect_panics(1, "fetch(2)");
            tokio::spawn(fetch.call(2)).await.unwrap_err();

            assert_eq!((fetch.called(), fetch.polled(), fetch.in_flight(), fetch.cancelled()), (2, 2, 0, 2));
            assert!(fetch.calls().iter().all(|call| call.outcome == Outcome::Refused));
        })
        .unwrap_err();

    assert_eq!(failure.kind(), Kind::Mock);
}

#[test]
fn arguments_are_kept_until_the_mock_is_told_not_to() {
    let fetch: MockFn<fn(u64) -> u64> = MockFn::new("fetch");
    fetch.returns(7);
    fetch.call_now(1);
    assert_eq!(fetch.calls()[0].args, 1);
    fetch.call_now(2);

    fetch.without_args();
    fetch.call_now(3);

    let shown = fetch.calls().into_iter().map(|call| call.to_string());
    assert!(shown.eq([
        "1. fetch(1): called, completed",
        "2. fetch(2): called, completed",
        "3. fetch(..): called, completed"
    ]));
}

#[async_test]
async fn a_matcher_may_ask_its_own_mock() {
    let fetch: MockFn<fn(u64) -> &'static str> = MockFn::new("fetch");
    let asked = fetch.clone();
    fetch.when_fn("the second call", move |_| asked.called() >= 2 && !asked.calls().is_empty()).returns("late");
    fetch.returns("early");

    assert_eq!([fetch.call_now(1), fetch.call_now(2)], ["early", "late"]);
    assert_eq!(fetch.call(3).await, "late");
    assert_eq!((fetch.completed(), fetch.peak_in_flight()), (3, 1));
}

#[test]
fn a_matcher_that_calls_its_own_mock_fails_rather_than_hangs() {
    let failure = Builder::new()
        .try_run(async || {
            let fetch: MockFn<fn(u64) -> u64> = MockFn::new("fetch");
            let called = fetch.clone();
            fetch.when_fn("what it says itself", move |id| called.call_now(id + 1) > 0).returns(1);
            fetch.call(1).await;
        })
        .unwrap_err();

    let headline = "the call fetch(2) comes from inside the matcher of a rule, which may not call its own mock";
    assert!(failure.to_string().contains(headline), "{failure}");
}

/// Asks a mock whenever something is done with it.
struct Curious(MockFn<fn(Curious) -> u64>);

impl Clone for Curious {
    fn clone(&self) -> Self {
        self.0.called();
        Self(self.0.clone())
    }
}

impl std::fmt::Debug for Curious {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Curious({})", self.0.called())
    }
}

impl PartialEq for Curious {
    fn eq(&self, _: &Self) -> bool {
        self.0.called() > 2
    }
}

impl Drop for Curious {
    fn drop(&mut self) {
        self.0.called();
    }
}

#[test]
fn an_argument_may_ask_the_mock_that_keeps_compares_and_shows_it() {
    let failure = Builder::new()
        .try_run(async || {
            let fetch: MockFn<fn(Curious) -> u64> = MockFn::new("fetch");
            let sequence = Sequence::new();
            let curious = || Curious(fetch.clone());
            let expected = curious();
            fetch.when_fn("the curious one", move |asked| *asked == expected).returns(1).times(1).in_order(&sequence);
            fetch.by_hand();
            let call = tokio::spawn(fetch.call(curious()));
            assert!(fetch.next_call().await.respond(7));
            assert_eq!(call.await.unwrap(), 7);
            assert!(timeout(1.secs(), fetch.call(curious())).await.is_err());
            assert_eq!(fetch.call_now(curious()), 1);
            fetch.call_now(curious());
        })
        .unwrap_err();

    assert!(failure.to_string().contains("the call fetch(Curious(4)) is made by `call_now`"), "{failure}");
    assert!(!failure.to_string().contains("waits for the test"), "{failure}");
}

#[test]
fn a_predicate_that_asks_its_own_mock_is_told_what_may() {
    let failure = Builder::new()
        .try_run(async || {
            let fetch: MockFn<fn(u64) -> u64> = MockFn::new("fetch");
            let asked = fetch.clone();
            fetch.when(function(move |_: &u64| asked.called() > 0)).returns(1);
            fetch.call_now(7);
        })
        .unwrap_err();

    assert!(failure.to_string().contains("the mock fetch is asked by a predicate of its own rule"), "{failure}");
    assert!(failure.to_string().contains("give `when_fn` what depends on its calls"), "{failure}");
}

#[test]
fn an_answer_that_is_replaced_may_ask_the_mock_when_it_is_dropped() {
    let fetch: MockFn<fn(Curious) -> u64> = MockFn::new("fetch");
    let curious = Curious(fetch.clone());
    let rule = fetch.answers(move |_| u64::from(curious == curious));

    rule.returns(7).times(..);
    fetch.checkpoint();
}

#[test]
fn a_rule_that_threads_ask_at_once_takes_no_more_calls_than_it_may() {
    let fetch: MockFn<fn(u64) -> bool> = MockFn::new("fetch");
    fetch.when_fn("any call at all", |_| true).returns(true).times(3);
    fetch.when(gt(0)).returns(false);

    let taken = thread::scope(|threads| {
        let calls = [1; 8].map(|id| {
            threads.spawn({
                let fetch = &fetch;
                move || fetch.call_now(id)
            })
        });
        calls.into_iter().map(|call| call.join().unwrap()).filter(|is_first| *is_first).count()
    });

    assert_eq!(taken, 3);
}

#[test]
fn a_local_answer_that_another_thread_asks_for_is_named() {
    let failure = Builder::new()
        .try_run(async || {
            let fetch: MockFn<fn(u64) -> Rc<u64>> = MockFn::new("fetch");
            fetch.always().local().returns(Rc::new(7));
            let fetch = fetch.clone();
            tokio::task::spawn_blocking(move || drop(fetch.call_now(1))).await.unwrap_err();
        })
        .unwrap_err();

    let line = line!() - 6;
    let call = "the call fetch(1) comes on another thread than the one on which its `.local()` answer stays\n";
    assert!(failure.to_string().contains(call), "{failure}");
    assert!(failure.to_string().contains(&format!("  the rule stands at {}:{line}:", file!())), "{failure}");
}

#[test]
fn a_call_that_another_thread_takes_to_a_local_gate_is_refused() {
    let failure = Builder::new()
        .try_run(async || {
            let fetch: MockFn<fn(u64) -> Rc<u64>> = MockFn::new("fetch");
            let gate = fetch.always().local().gate();
            gate.open(Rc::new(7));
            let fetch = fetch.clone();
            let elsewhere = move || drop(futures::executor::block_on(fetch.call(1)));
            tokio::task::spawn_blocking(elsewhere).await.unwrap_err();
        })
        .unwrap_err();

    let line = line!() - 5;
    let call = "the call fetch(1) comes on another thread than the one on which its `.local()` answer stays\n";
    assert!(failure.to_string().contains(call), "{failure}");
    assert!(failure.to_string().contains(&format!("called at {}:{line}:", file!())), "{failure}");
}

#[async_test]
async fn a_call_that_is_polled_after_it_was_complete_is_named() {
    let fetch: MockFn<fn(u64) -> u64> = MockFn::new("fetch");
    fetch.returns(7);
    let mut call = fetch.call(1);
    let line = line!() - 1;
    assert_eq!((&mut call).await, 7);

    let polled = catch_unwind(AssertUnwindSafe(|| Pin::new(&mut call).poll(&mut Context::from_waker(Waker::noop()))));

    let text = *polled.unwrap_err().downcast::<String>().unwrap();
    assert!(text.starts_with(&format!("the call of fetch at {}:{line}:", file!())), "{text}");
}

#[test]
fn a_call_that_is_refused_after_a_checkpoint_keeps_its_line_and_its_arguments() {
    let failure = Builder::new()
        .try_run(async || {
            let fetch: MockFn<fn(u64) -> u64> = MockFn::new("fetch");
            let call = fetch.call(7);
            fetch.checkpoint();
            call.await;
        })
        .unwrap_err();

    let line = line!() - 6;
    let text =
        format!("the call fetch(7) is unexpected: this mock has no rules\n  at 0.000 s, called at {}:{line}:", file!());
    assert!(failure.to_string().contains(&text), "{failure}");
}

#[async_test]
async fn a_rule_has_one_place_in_all_orders() {
    let (open, close) = (MockFn::<fn()>::new("open"), MockFn::<fn()>::new("close"));
    let (one, two) = (Sequence::new(), Sequence::new());
    open.always().in_order(&one).in_order(&two);
    close.always().in_order(&one);

    close.call(()).await;
    open.call(()).await;

    assert!(!format!("{one:?}").contains("open"), "{one:?}");
}

#[test]
fn without_a_runtime_wait_until_called_says_what_it_needs() {
    let fetch: MockFn<fn(u64) -> u64> = MockFn::new("fetch");
    let wait = fetch.wait_until_called(1).into_future();
    let line = line!() - 1;

    let polled = catch_unwind(AssertUnwindSafe(|| pin!(wait).poll(&mut Context::from_waker(Waker::noop()))));

    let text = *polled.unwrap_err().downcast::<String>().unwrap();
    let start = format!("`wait_until_called` of fetch, at {}:{line}:", file!());
    assert!(text.starts_with(&start) && text.contains("inside a tokio runtime"), "{text}");
}

#[test]
fn without_a_runtime_a_call_that_takes_its_time_says_what_it_needs() {
    let fetch: MockFn<fn(u64) -> u64> = MockFn::new("fetch");
    fetch.returns(7).after(1.secs());
    let call = fetch.call(1);
    let line = line!() - 1;

    let polled = catch_unwind(AssertUnwindSafe(|| pin!(call).poll(&mut Context::from_waker(Waker::noop()))));

    let text = *polled.unwrap_err().downcast::<String>().unwrap();
    let start = format!("the call of fetch at {}:{line}:", file!());
    assert!(text.starts_with(&start) && text.contains("inside a tokio runtime"), "{text}");
}

#[async_test]
async fn the_answer_of_a_gate_may_ask_the_gate_when_it_is_copied() {
    type Opened = Rc<RefCell<Option<Gate<Asks>>>>;

    struct Asks(Opened);

    impl Clone for Asks {
        fn clone(&self) -> Self {
            assert!(self.0.borrow().as_ref().is_some_and(Gate::is_open));
            Self(Rc::clone(&self.0))
        }
    }

    let fetch: MockFn<fn() -> Asks> = MockFn::new("fetch");
    let gate: Opened = Rc::default();
    *gate.borrow_mut() = Some(fetch.always().local().gate());
    gate.borrow().as_ref().unwrap().open(Asks(Rc::clone(&gate)));

    fetch.call(()).await;

    drop(gate.take());
}
