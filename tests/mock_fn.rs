//! Mocks of one function.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use standstill::mock::{MockFn, Outcome, PredicateBooleanExt, Sequence, always, eq, gt};
use standstill::{Builder, Failure, Kind, Level, clock, prelude::*, task};
use tokio::time::{sleep, timeout};

type Fetch = MockFn<fn(u64) -> Result<String, String>>;

fn fetch() -> Fetch {
    MockFn::new("fetch")
}

fn fails(body: impl AsyncFnOnce()) -> Failure {
    Builder::new().try_run(body).unwrap_err()
}

#[async_test]
async fn the_first_rule_that_matches_answers() {
    let fetch = fetch();
    fetch.when(eq(7)).returns(Ok("seven".to_owned()));
    fetch.when(gt(5)).fails("too big".to_owned());
    fetch.always().returns(Ok("other".to_owned()));

    assert_eq!(fetch.call(7).await.unwrap(), "seven");
    assert_eq!(fetch.call(6).await.unwrap_err(), "too big");
    assert_eq!(fetch.call(1).await.unwrap(), "other");
}

#[test]
fn predicates_are_joined_with_what_is_in_scope_here() {
    let failure = Builder::new().try_run(async || {
        let name: MockFn<fn(u64) -> &'static str> = MockFn::new("name");
        name.when(gt(3).and(eq(4).not())).returns("five");
        assert_eq!(name.call(5).await, "five");
        name.call(4).await;
    });

    let failure = failure.unwrap_err().to_string();
    let rule = "(the argument > 3 && (! the argument == 4))";
    assert!(failure.contains(rule) && failure.contains("the argument is 4"), "{failure}");
}

#[async_test]
async fn a_rule_past_its_times_lets_the_next_one_match() {
    let fetch = fetch();
    fetch.fails("busy".to_owned()).times(2);
    fetch.returns(Ok("done".to_owned()));

    assert!(fetch.call(1).await.is_err());
    assert!(fetch.call(1).await.is_err());
    assert!(fetch.call(1).await.is_ok());
}

#[async_test]
async fn answers_take_their_time_in_virtual_time() {
    let fetch = fetch();
    fetch.returns(Ok(String::new())).after(1.hours());

    fetch.call(1).await.unwrap();

    assert_elapsed!(1.hours());
}

#[async_test]
async fn each_answer_has_a_delay_of_its_own() {
    let tick: MockFn<fn()> = MockFn::new("tick");
    tick.after_each([1.secs(), 5.secs()]).then_repeat_last();

    let ((), first) = clock::timed(tick.call(())).await;
    let ((), second) = clock::timed(tick.call(())).await;
    let ((), third) = clock::timed(tick.call(())).await;

    assert_eq!([first, second, third], [1.secs(), 5.secs(), 5.secs()]);
}

#[async_test]
async fn delays_may_have_no_end_whatever_the_output_is() {
    struct NotClone;

    let tick: MockFn<fn() -> NotClone> = MockFn::new("tick");
    tick.answers(|()| NotClone).after_each([1.secs()].into_iter().chain(std::iter::repeat(5.secs())));

    for _ in 0..4 {
        tick.call(()).await;
    }

    assert_elapsed!(16.secs());
}

#[async_test]
async fn the_order_of_a_rule_s_methods_does_not_matter() {
    let count: MockFn<fn() -> u32> = MockFn::new("count");
    count.always().then_repeat_last().times(3).after_each([1.secs()]).sequence([1]);

    for _ in 0..3 {
        assert_eq!(count.call(()).await, 1);
    }
    assert_elapsed!(3.secs());
}

#[async_test]
async fn a_script_answers_step_by_step_and_may_repeat_its_last_step() {
    let count: MockFn<fn() -> u32> = MockFn::new("count");
    count.sequence([1, 2]).then_repeat_last();

    let counts = [count.call(()).await, count.call(()).await, count.call(()).await];

    assert_eq!(counts, [1, 2, 2]);
}

#[async_test(blocking = "allow", never_polled = "allow")]
async fn called_is_never_polled_and_in_flight_and_completed_and_cancelled() {
    let fetch = fetch();
    fetch.when(eq(1)).pending();
    fetch.always().returns(Ok(String::new()));

    drop(fetch.call(0));
    fetch.call(2).await.unwrap();
    assert!(timeout(3.secs(), fetch.call(1)).await.is_err());
    let pending = task::background("reader", fetch.call(1));
    clock::settle().await;

    assert_eq!(fetch.called(), 4);
    assert_eq!((fetch.never_polled(), fetch.in_flight(), fetch.completed(), fetch.cancelled()), (1, 1, 1, 1));
    assert_eq!(fetch.polled(), 3);
    insta::assert_debug_snapshot!(fetch.calls(), @r#"
    [
        1. fetch(0): called at 0.000 s, dropped at 0.000 s, never polled,
        2. fetch(2): called at 0.000 s, completed at 0.000 s,
        3. fetch(1): called at 0.000 s, cancelled at 3.000 s,
        4. fetch(1): called at 3.000 s, in flight,
    ]
    "#);
    drop(pending);
}

#[async_test]
async fn a_call_knows_the_task_that_made_it() {
    let tick: MockFn<fn()> = MockFn::new("tick");
    tick.nice();
    task::spawn("clockwork", {
        let tick = tick.clone();
        async move { tick.call(()).await }
    })
    .await
    .unwrap();
    tick.call(()).await;

    assert_eq!(tick.calls()[0].task.as_deref(), Some("clockwork"));
    assert_eq!(tick.calls()[1].task, None);
}

#[async_test]
async fn pauses_and_intervals_of_a_backoff_are_exact_whatever_the_latency() {
    let fetch = fetch();
    fetch.fails("busy".to_owned()).times(3).after(2.secs());
    fetch.returns(Ok(String::new()));

    let mut pause = 100.millis();
    while fetch.call(1).await.is_err() {
        sleep(pause).await;
        pause *= 2;
    }

    assert_eq!(fetch.pauses(), [100.millis(), 200.millis(), 400.millis()]);
    assert_eq!(fetch.intervals(), [2_100.millis(), 2_200.millis(), 2_400.millis()]);
}

#[async_test]
async fn pauses_and_intervals_go_by_the_first_polls_whatever_the_order_of_the_calls() {
    let fetch = fetch();
    fetch.returns(Ok(String::new())).after(1.secs());
    let (first, second) = (fetch.call(1), fetch.call(2));

    second.await.unwrap();
    sleep(3.secs()).await;
    first.await.unwrap();

    assert_eq!(fetch.pauses(), [3.secs()]);
    assert_eq!(fetch.intervals(), [4.secs()]);
}

#[async_test]
async fn the_peak_counts_the_calls_that_run_at_once() {
    let fetch = fetch();
    fetch.returns(Ok(String::new())).after(1.secs());

    tokio::join!(fetch.call(1), fetch.call(2), fetch.call(3)).0.unwrap();
    fetch.call(4).await.unwrap();

    assert_eq!(fetch.peak_in_flight(), 3);
}

#[async_test]
async fn a_gate_holds_the_calls_back_until_it_is_opened() {
    let fetch = fetch();
    let gate = fetch.when(eq(7)).gate();
    let call = tokio::spawn(fetch.call(7));
    sleep(1.hours()).await;
    assert_eq!(gate.waiting(), 1);
    assert!(!call.is_finished());

    gate.open(Ok("seven".to_owned()));

    assert_eq!(call.await.unwrap().unwrap(), "seven");
    assert_eq!(fetch.call(7).await.unwrap(), "seven");
}

#[async_test]
async fn a_gate_that_is_opened_twice_has_the_first_answer_for_those_that_waited() {
    let fetch: MockFn<fn(u64) -> Result<String, String>> = MockFn::new("fetch");
    let gate = fetch.gate();
    let [call, given_up] = [7, 8].map(|id| tokio::spawn(fetch.call(id)));
    clock::settle().await;

    gate.open(Err("busy".to_owned()));
    given_up.abort();
    gate.open(Ok("seven".to_owned()));

    assert_eq!(call.await.unwrap().unwrap_err(), "busy");
    assert_eq!(fetch.call(7).await.unwrap(), "seven");
}

#[async_test]
async fn a_call_that_takes_its_time_waits_at_the_gate_from_its_first_poll() {
    let fetch = fetch();
    let gate = fetch.after(5.secs()).gate();
    let call = tokio::spawn(fetch.call(7));
    clock::settle().await;
    assert_eq!(gate.waiting(), 1);

    gate.open(Ok("seven".to_owned()));

    assert_eq!(call.await.unwrap().unwrap(), "seven");
    assert_elapsed!(5.secs());
    assert_eq!(gate.waiting(), 0);
}

#[async_test]
async fn respond_says_whether_the_caller_was_still_there() {
    let fetch = fetch();
    let caller = tokio::spawn({
        let fetch = fetch.clone();
        async move { timeout(1.secs(), fetch.call(7)).await }
    });

    let call = fetch.next_call().await;
    assert_eq!(call.args(), 7);
    assert!(caller.await.unwrap().is_err());

    assert!(call.is_cancelled());
    assert!(!call.respond(Ok(String::new())));
}

#[async_test]
async fn a_call_that_came_before_is_the_next_call() {
    let fetch = fetch();
    fetch.by_hand();
    let caller = tokio::spawn(fetch.call(7));
    clock::settle().await;

    let call = fetch.next_call().await;

    assert!(call.respond(Ok("late".to_owned())));
    assert_eq!(caller.await.unwrap().unwrap(), "late");
}

#[async_test]
async fn an_async_answer_sleeps_in_virtual_time() {
    let fetch = fetch();
    fetch.answers_async(|id| async move {
        sleep(id.secs()).await;
        Ok(id.to_string())
    });

    assert_eq!(fetch.call(30).await.unwrap(), "30");
    assert_elapsed!(30.secs());
}

#[async_test]
async fn what_is_not_send_is_answered_locally() {
    let shared: MockFn<fn() -> Rc<Cell<u32>>> = MockFn::new("shared");
    let cell = Rc::new(Cell::new(1));
    shared.always().local().returns(Rc::clone(&cell));

    shared.call(()).await.set(2);

    assert_eq!(cell.get(), 2);
}

#[async_test]
async fn what_is_not_clone_is_answered_once() {
    struct Token;
    let token: MockFn<fn() -> Token> = MockFn::new("token");
    token.returns_once(Token);

    let Token = token.call(()).await;
}

#[async_test]
async fn rules_of_several_mocks_are_used_in_order() {
    let (open, close) = (MockFn::<fn()>::new("open"), MockFn::<fn()>::new("close"));
    let order = Sequence::new();
    open.always().in_order(&order);
    close.always().in_order(&order);

    open.call(()).await;
    close.call(()).await;
}

#[async_test]
async fn a_checkpoint_forgets_rules_and_calls() {
    let fetch = fetch();
    fetch.returns(Ok("first".to_owned())).times(1);
    fetch.call(1).await.unwrap();

    fetch.checkpoint();
    fetch.returns(Ok("second".to_owned()));

    assert_eq!(fetch.called(), 0);
    assert_eq!(fetch.call(2).await.unwrap(), "second");
    fetch.assert_called_once_with(2);
}

#[async_test]
async fn what_a_checkpoint_lets_go_may_ask_the_mock_once_more() {
    #[derive(Clone, Debug)]
    struct Asks(MockFn<fn(Asks) -> u32>, Arc<AtomicUsize>);

    impl Drop for Asks {
        fn drop(&mut self) {
            self.1.store(self.0.calls().len(), Ordering::SeqCst);
        }
    }

    let count: MockFn<fn(Asks) -> u32> = MockFn::new("count");
    let seen = Arc::new(AtomicUsize::new(0));
    count.returns(1);
    count.call(Asks(count.clone(), Arc::clone(&seen))).await;
    assert_eq!(seen.load(Ordering::SeqCst), 1);

    count.checkpoint();

    assert_eq!(seen.load(Ordering::SeqCst), 0);
}

#[test]
fn a_checkpoint_loses_no_call_that_was_never_polled() {
    let failure = Builder::new().never_polled(Level::Deny).try_run(async || {
        let fetch = fetch();
        drop(fetch.call(1));
        fetch.checkpoint();

        fetch.returns(Ok("second".to_owned()));
        fetch.call(2).await.unwrap();
    });

    assert_eq!(failure.unwrap_err().kind(), Kind::Mock);
}

#[async_test(never_polled = "allow")]
async fn a_loser_of_a_select_that_was_never_polled_changes_nothing() {
    let fetch = fetch();
    fetch.sequence([Ok("first".to_owned())]);

    tokio::select! {
        biased;
        () = std::future::ready(()) => {}
        _ = fetch.call(1) => unreachable!(),
    }

    assert_eq!(fetch.never_polled(), 1);
    assert_eq!(fetch.call(2).await.unwrap(), "first");
}

#[async_test]
async fn several_arguments_are_matched_one_by_one() {
    let send: MockFn<fn(u64, String) -> bool> = MockFn::new("send");
    send.when((eq(7), always())).returns(true);
    send.when_fn("a text of more than two letters", |(_, text)| text.len() > 2).returns(true);
    send.returns(false);

    assert!(send.call((7, "x".to_owned())).await);
    assert!(send.call((8, "xyz".to_owned())).await);
    assert!(!send.call((8, "x".to_owned())).await);
    send.assert_calls([(7, "x"), (8, "xyz"), (8, "x")]);
}

#[test]
fn a_call_that_no_rule_takes_fails_even_in_a_task_whose_panics_are_allowed() {
    let failure = Builder::new()
        .task_panics(Level::Allow)
        .try_run(async || {
            let fetch = fetch();
            fetch.when(eq(7)).times(..).returns(Ok(String::new()));
            let _ = tokio::spawn(fetch.call(8)).await;
        })
        .unwrap_err();

    assert_eq!(failure.kind(), Kind::Mock);
}

#[test]
fn never_is_found_in_a_spawned_task() {
    let failure = fails(async || {
        let fetch = fetch();
        fetch.never();
        tokio::spawn(fetch.call(8));
        sleep(1.secs()).await;
    });

    assert_eq!(failure.kind(), Kind::Mock);
}

#[test]
fn what_a_mock_expects_is_found_missing_though_a_pending_task_holds_it() {
    let failure = fails(async || {
        let fetch = fetch();
        fetch.returns(Ok(String::new())).times(1);
        tokio::spawn(async move {
            std::future::pending::<()>().await;
            drop(fetch);
        });
    });

    assert_eq!(failure.kind(), Kind::Mock);
}

#[test]
fn a_call_that_nobody_awaits_does_not_meet_an_expectation() {
    let failure = fails(async || {
        let fetch = fetch();
        fetch.returns(Ok(String::new())).times(1);
        drop(fetch.call(1));
    });

    assert_eq!(failure.kind(), Kind::Mock);
}

#[test]
fn the_body_s_own_failure_comes_first() {
    let failure = fails(async || {
        let fetch = fetch();
        fetch.returns(Ok(String::new())).times(1);
        panic!("the body's own");
    });

    assert_eq!(failure.kind(), Kind::Panic);
    assert!(failure.to_string().starts_with("standstill: the test panicked at 0.000 s: the body's own\n"), "{failure}");
}

#[test]
fn a_call_that_must_be_polled_and_is_not_fails_the_test() {
    let failure = fails(async || {
        let fetch = fetch();
        fetch.must_be_polled();
        drop(fetch.call(1));
    });

    assert_eq!(failure.kind(), Kind::Mock);
}

#[test]
fn a_call_that_is_held_unpolled_at_the_end_is_never_polled() {
    for must_be_polled in [true, false] {
        let level = if must_be_polled { Level::Warn } else { Level::Deny };
        let failure = Builder::new().never_polled(level).try_run(async || {
            let fetch = fetch();
            if must_be_polled {
                fetch.must_be_polled();
            }
            std::mem::forget(fetch.call(1));
            let held = fetch.call(2);
            tokio::spawn(async move {
                std::future::pending::<()>().await;
                held.await
            });
        });

        let failure = failure.unwrap_err();
        assert_eq!(failure.kind(), Kind::Mock);
        let what = "were still held at the end and had never been polled";
        assert!(failure.to_string().contains(&format!("2 calls of fetch, the first made at {}", file!())), "{failure}");
        assert!(failure.to_string().contains(what), "{failure}");
    }
}

#[test]
fn outside_a_bubble_a_mock_verifies_when_it_is_dropped() {
    let fetch = fetch();
    fetch.returns(Ok(String::new())).times(1);

    let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| drop(fetch))).unwrap_err();

    assert!(panic.downcast::<String>().unwrap().starts_with("fetch expected exactly 1 call, saw none\n"));
}

#[tokio::test]
async fn outside_a_bubble_a_mock_works_on_tokio_s_clock() {
    tokio::time::pause();
    let fetch = fetch();
    fetch.returns(Ok("x".to_owned())).after(1.secs());

    assert_eq!(fetch.call(1).await.unwrap(), "x");
    fetch.assert_called_once_with(1);
}

#[test]
fn a_mock_made_outside_belongs_to_the_bubble_that_first_uses_it() {
    let fetch = fetch();
    standstill::run(async || {
        fetch.returns(Ok(String::new())).after(1.secs());
        fetch.call(1).await.unwrap();
        assert_eq!(fetch.calls()[0].ended_at, Some(1.secs()));
        assert_eq!(fetch.calls()[0].outcome, Outcome::Completed);
    });
}

#[test]
fn a_sync_call_beyond_its_script_fails_and_is_on_record() {
    let failure = fails(async || {
        let count: MockFn<fn() -> u32> = MockFn::new("count");
        count.sequence([1]);
        sleep(1.secs()).await;

        assert_eq!(count.call_now(()), 1);
        count.call_now(());
    });

    assert_eq!(failure.kind(), Kind::Panic);
    let call = "  2. count(): called at 1.000 s, refused at 1.000 s\n";
    assert!(failure.to_string().contains(call), "{failure}");
}

#[test]
fn a_mock_that_another_test_made_is_refused_rather_than_shared() {
    static SHARED: MockFn<fn() -> u32> = MockFn::new("shared");
    standstill::run(async || {
        SHARED.returns(1);
        assert_eq!(SHARED.call(()).await, 1);
    });

    let failure = fails(async || drop(SHARED.returns(1)));

    assert!(failure.to_string().contains("the mock shared belongs to another test"), "{failure}");
}

#[test]
fn a_call_of_a_mock_that_another_test_made_is_refused_too() {
    static SHARED: MockFn<fn() -> u32> = MockFn::new("shared");
    standstill::run(async || {
        SHARED.returns(1);
        assert_eq!((SHARED.call(()).await, SHARED.call_now(())), (1, 1));
    });

    for failure in [fails(async || drop(SHARED.call(()))), fails(async || assert_eq!(SHARED.call_now(()), 1))] {
        assert!(failure.to_string().contains("the mock shared belongs to another test"), "{failure}");
    }
}

#[async_test]
async fn how_often_a_rule_is_used_may_be_said_after_its_calls() {
    let count: MockFn<fn() -> u32> = MockFn::new("count");
    let first = count.returns(1);
    count.returns(2);
    assert_eq!((count.call(()).await, count.call(()).await), (1, 1));

    first.times(2);

    assert_eq!(count.call(()).await, 2);
}

#[test]
fn to_say_that_a_rule_is_used_less_often_than_it_was_fails() {
    let failure = fails(async || {
        let count: MockFn<fn(u32) -> u32> = MockFn::new("count");
        let rule = count.when(eq(7)).returns(1);
        count.call(7).await;
        count.call(7).await;
        rule.times(1);
    });

    let text = failure.to_string();
    assert!(text.contains("count is to see exactly 1 call with the argument == 7, and has seen 2 already\n"), "{text}");
    assert!(text.contains("  2. count(7): called at 0.000 s, completed at 0.000 s\n"), "{text}");
}

#[test]
fn an_answer_that_calls_its_own_rule_fails_rather_than_hangs() {
    let failure = fails(async || {
        let count: MockFn<fn(u32) -> u32> = MockFn::new("count");
        count.answers({
            let count = count.clone();
            move |number| if number == 0 { 0 } else { count.call_now(number - 1) }
        });
        count.call_now(2);
    });

    assert!(failure.to_string().contains("comes from inside the answer of the rule that takes it"), "{failure}");
}

#[test]
fn what_a_destructor_calls_at_the_shutdown_of_the_runtime_is_found() {
    struct Calls(Fetch);
    impl Drop for Calls {
        fn drop(&mut self) {
            let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| self.0.call_now(1)));
        }
    }
    let failure = fails(async || {
        let fetch = fetch();
        fetch.never();
        let calls = Calls(fetch);
        tokio::spawn(async move {
            std::future::pending::<()>().await;
            drop(calls);
        });
    });

    assert_eq!(failure.kind(), Kind::Mock);
}

#[test]
fn never_holds_also_behind_a_rule_that_takes_everything() {
    let failure = fails(async || {
        let fetch = fetch();
        fetch.returns(Ok(String::new())).times(..);
        fetch.when(eq(5)).never();
        fetch.call(4).await.unwrap();
        fetch.call(5).await.unwrap();
    });

    assert!(failure.to_string().contains("the call fetch(5) must never come"), "{failure}");
}

#[test]
fn a_delay_that_was_never_used_fails_the_test() {
    let failure = fails(async || {
        let bell: MockFn<fn()> = MockFn::new("bell");
        bell.after_each([1.secs(), 2.secs()]);
        bell.call(()).await;
    });

    let headline = "standstill: bell has a rule with 2 delays, of which 1 was used\n";
    assert!(failure.to_string().starts_with(headline), "{failure}");
}

#[async_test]
async fn a_rule_s_function_is_not_asked_about_a_call_that_an_earlier_rule_took() {
    let find: MockFn<fn(String) -> u64> = MockFn::new("find");
    find.when_fn("no text", String::is_empty).returns(0);
    find.when_fn("a text that begins with x", |text| text.as_bytes()[0] == b'x').returns(1);

    assert_eq!(find.call(String::new()).await, 0);
    assert_eq!(find.call("x".to_owned()).await, 1);
}

#[async_test]
async fn a_rule_that_is_told_its_times_may_leave_steps_of_its_script() {
    let count: MockFn<fn() -> u32> = MockFn::new("count");
    count.returns_once(1).times(0..=1);
    count.returns_once(1).times(..);
    count.sequence([1, 2]).times(..);
    count.after_each([1.secs(), 2.secs()]).returns(1).times(..);
    let other: MockFn<fn() -> u32> = MockFn::new("other");
    other.sequence([1, 2, 3]).times(1..);
    assert_eq!(other.call(()).await, 1);
}

/// Gives a mock a rule.
type GiveRule = fn(&MockFn<fn() -> u32>);

#[test]
fn a_script_that_repeats_its_last_step_is_to_reach_it() {
    let rules: [(GiveRule, [&str; 2]); 2] = [
        (|count| drop(count.sequence([1, 2]).then_repeat_last()), ["a script of 2 steps", "step 2"]),
        (
            |count| drop(count.returns(1).after_each([1.secs(), 2.secs()]).then_repeat_last()),
            ["a rule with 2 delays", "delay 2"],
        ),
    ];
    for (rule, [all, left]) in rules {
        let failure = fails(async || {
            let count: MockFn<fn() -> u32> = MockFn::new("count");
            rule(&count);
            count.call(()).await;
        });

        let headline = format!("standstill: count has {all}, of which 1 was used\n");
        assert!(failure.to_string().starts_with(&headline), "{failure}");
        assert!(failure.to_string().contains(&format!("\n  {left} was never used\n")), "{failure}");
    }
}

#[test]
fn the_steps_of_a_script_are_counted_from_where_its_rule_was_given_it() {
    let failure = fails(async || {
        let count: MockFn<fn() -> String> = MockFn::new("count");
        let rule = count.returns(String::new());
        count.call(()).await;
        rule.sequence(["1".to_owned(), "2".to_owned(), "3".to_owned()]);
        count.call(()).await;
    });

    assert!(failure.to_string().contains("of which 1 was used\n"), "{failure}");
    assert!(failure.to_string().contains("\n  steps 2 to 3 were never used\n"), "{failure}");
}
