//! What a call of a mock is, beside one of a hand-written function.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use proptest::prelude::*;
use standstill::mock::{MockFn, eq, predicate::always};
use standstill::{Builder, Level, clock, mock_fn, prelude::*};
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
