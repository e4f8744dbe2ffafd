//! What is held against a test: tasks that panic or live on, and bodies that do not end.

use std::cell::Cell;
use std::future::pending;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::mpsc as std_mpsc;

use futures::FutureExt as _;
use standstill::prelude::*;
use standstill::{Builder, Failure, Kind, Level, UnhandledPanic, assert_elapsed, clock, task};
use tokio::sync::{mpsc, oneshot};
use tokio::task::{JoinSet, LocalSet, spawn_blocking, spawn_local, yield_now};
use tokio::time::{interval, sleep};

/// Ticks every second, for ever.
async fn heartbeat() {
    let mut interval = interval(1.secs());
    loop {
        interval.tick().await;
    }
}

#[track_caller]
fn assert_fails<T: std::fmt::Debug>(result: Result<T, Failure>, kind: Kind, texts: &[&str]) {
    let failure = result.expect_err("the run should fail");
    let report = failure.to_string();
    assert_eq!(failure.kind(), kind, "{report}");
    for text in texts {
        assert!(report.contains(text), "no {text:?} in\n{report}");
    }
}

#[async_test]
async fn a_task_has_its_name_and_tokio_s_id() {
    let task = task::spawn("mailer", async { tokio::task::id() });

    assert_eq!(task.name(), "mailer");
    assert_eq!(format!("{task:?}"), "Task { name: \"mailer\", is_finished: false, .. }");
    let id = task.id();
    assert_eq!(task.await.unwrap(), id);
}

#[async_test]
async fn children_are_named_for_whom_they_are_children_of() {
    let (done, _) = task::wait([pending(), pending::<()>()], task::ReturnWhen::AllCompleted)
        .timeout(1.secs())
        .await
        .map(|(done, pending)| (pending, done))
        .unwrap();

    let names: Vec<_> = done.iter().map(task::Task::name).collect();
    assert_eq!(names, ["wait[0]", "wait[1]"]);
}

#[async_test(leaks = "deny")]
async fn a_background_task_is_no_leak() {
    task::background("heartbeat", heartbeat());

    sleep(1.mins()).await;
}

#[async_test(leaks = "deny")]
async fn a_task_that_ends_when_the_body_s_locals_are_dropped_is_no_leak() {
    let (_sender, mut receiver) = mpsc::channel::<()>(1);
    let (last_word, mut last) = mpsc::channel::<()>(1);

    tokio::spawn(async move { while receiver.recv().await.is_some() {} });
    task::spawn("echo", async move {
        last_word.closed().await;
        for _ in 0..200 {
            tokio::task::yield_now().await;
        }
    });
    last.close();
}

#[async_test(leaks = "deny")]
async fn the_tasks_of_a_join_set_are_no_leak() {
    let mut set = JoinSet::new();

    for _ in 0..100 {
        set.spawn(pending::<()>());
    }
}

#[test]
fn tasks_that_live_on_are_a_leak_where_it_is_denied() {
    let leak = |body: fn()| Builder::new().leaks(Level::Deny).try_run(async || body());

    assert_fails(
        leak(|| drop(task::spawn("forgotten", heartbeat()))),
        Kind::Leak,
        &["standstill: 1 task alive at the end of the test", "task \"forgotten\", spawned at tests/tasks.rs:"],
    );
    assert_fails(leak(|| drop(tokio::spawn(pending::<()>()))), Kind::Leak, &["1 of tokio::spawn"]);
    assert_fails(leak(|| drop(spawn_local(pending::<()>()))), Kind::Leak, &["1 of tokio::spawn"]);
    assert_fails(
        leak(|| {
            task::background("meant to", heartbeat());
            task::spawn("one", pending::<()>());
            tokio::spawn(sleep(1.hours()));
        }),
        Kind::Leak,
        &["standstill: 2 tasks alive", "task \"one\"", "1 of tokio::spawn"],
    );
}

#[test]
fn tasks_that_live_on_are_allowed_elsewhere() {
    let output = Builder::new().leaks(Level::Allow).try_run(async || {
        task::spawn("forgotten", heartbeat());
        tokio::spawn(heartbeat());
        "done"
    });

    assert_eq!(output.unwrap(), "done");
}

#[test]
fn a_task_s_panic_fails_the_test_though_nobody_joins_it() {
    let tokio_s = Builder::new().try_run(async || {
        tokio::spawn(async { panic!("boom") });
        sleep(1.secs()).await;
    });
    let local = Builder::new().try_run(async || {
        spawn_local(async { panic!("boom") });
        sleep(1.secs()).await;
    });
    let named = Builder::new().try_run(async || {
        task::spawn("bomb", sleep(1.secs()).map(|()| panic!("boom")));
        sleep(2.secs()).await;
    });
    let blocking = Builder::new().try_run(async || {
        let (start, started) = oneshot::channel();
        spawn_blocking(move || {
            start.send(()).unwrap();
            panic!("boom")
        });
        started.await.unwrap();
    });

    assert_fails(tokio_s, Kind::TaskPanic, &["standstill: a task panicked at 0.000 s: boom", "tests/tasks.rs:"]);
    assert_fails(local, Kind::TaskPanic, &["standstill: a task panicked at 0.000 s: boom"]);
    assert_fails(named, Kind::TaskPanic, &["standstill: task \"bomb\" panicked at 1.000 s: boom"]);
    assert_fails(blocking, Kind::TaskPanic, &["standstill: a task panicked at 0.000 s: boom"]);
}

#[test]
fn a_task_s_panic_fails_the_test_though_it_is_joined() {
    let joined = Builder::new().try_run(async || {
        assert!(tokio::spawn(async { panic!("boom") }).await.unwrap_err().is_panic());
    });
    let in_a_set = Builder::new().try_run(async || {
        let mut set = JoinSet::new();
        set.spawn(async { panic!("boom") });
        assert!(set.join_next().await.unwrap().unwrap_err().is_panic());
    });
    let in_a_local_set = Builder::new().try_run(async || {
        let set = LocalSet::new();
        set.spawn_local(async { panic!("boom") });
        set.await;
    });

    for result in [joined, in_a_set, in_a_local_set] {
        assert_fails(
            result,
            Kind::TaskPanic,
            &["a task panicked at 0.000 s: boom", "task::expect_panics(1, \"boom\")"],
        );
    }
}

#[test]
fn a_panic_after_the_body_s_end_fails_the_test_too() {
    struct Bomb;
    impl Drop for Bomb {
        fn drop(&mut self) {
            panic!("boom");
        }
    }

    let when_it_ends = Builder::new().try_run(async || {
        let (_sender, mut receiver) = mpsc::channel::<()>(1);
        tokio::spawn(async move { receiver.recv().await.expect("a message") });
        tokio::task::yield_now().await;
    });
    let when_it_is_cancelled = Builder::new().try_run(async || {
        let bomb = Bomb;
        let task = tokio::spawn(async move {
            let _bomb = bomb;
            pending::<()>().await;
        });
        tokio::task::yield_now().await;
        task.abort();
    });

    assert_fails(when_it_ends, Kind::TaskPanic, &["a message"]);
    assert_fails(when_it_is_cancelled, Kind::TaskPanic, &["boom"]);
}

#[test]
fn a_panic_after_the_body_s_end_is_told_as_one() {
    const AFTER: &str = "the body was over by then, and what it held was dropped";
    let bereft = Builder::new().try_run(async || {
        let (_sender, mut receiver) = mpsc::channel::<()>(1);
        tokio::spawn(async move { receiver.recv().await.expect("a message") });
        tokio::task::yield_now().await;
    });
    let of_itself = Builder::new().try_run(async || {
        tokio::spawn(async { panic!("boom") }).await.unwrap_err();
    });

    assert_fails(bereft, Kind::TaskPanic, &["a message", AFTER, "end it before the test ends"]);
    let report = of_itself.unwrap_err().to_string();
    assert!(!report.contains(AFTER), "{report}");
}

#[async_test]
async fn a_panic_that_is_caught_inside_its_task_is_none() {
    let caught = tokio::spawn(async { catch_unwind(|| panic!("boom")).is_err() });
    let caught_in_a_poll = tokio::spawn(AssertUnwindSafe(async { panic!("boom") }).catch_unwind());
    let caught_in_a_named_task = task::spawn("careful", AssertUnwindSafe(async { panic!("boom") }).catch_unwind());
    let caught_in_a_job = spawn_blocking(|| catch_unwind(|| panic!("boom")).is_err());

    assert!(caught.await.unwrap());
    assert!(caught_in_a_poll.await.unwrap().is_err());
    assert!(caught_in_a_named_task.await.unwrap().is_err());
    assert!(caught_in_a_job.await.unwrap());
}

#[async_test]
async fn a_panic_that_the_body_catches_is_none() {
    assert!(catch_unwind(|| panic!("boom")).is_err());
    assert!(AssertUnwindSafe(async { panic!("boom") }).catch_unwind().await.is_err());
}

#[async_test]
async fn panics_that_the_test_expects_are_none() {
    task::expect_panics(2, "boom");
    task::expect_panics(1, "crash");

    for message in ["boom 1", "a crash", "boom 2"] {
        tokio::spawn(async move { panic!("{message}") }).await.unwrap_err();
    }
}

#[test]
fn fewer_panics_than_expected_fail_the_test() {
    let result = Builder::new().try_run(async || {
        task::expect_panics(2, "boom");
        tokio::spawn(async { panic!("boom") }).await.unwrap_err();
    });

    assert_fails(
        result,
        Kind::MissingPanics,
        &["standstill: expected 2 panics with \"boom\" in tasks, saw 1", "expect_panics at tests/tasks.rs:"],
    );
}

#[test]
fn more_panics_than_expected_and_others_fail_the_test() {
    let more = Builder::new().try_run(async || {
        task::expect_panics(1, "boom");
        for number in [1, 2] {
            tokio::spawn(async move { panic!("boom {number}") }).await.unwrap_err();
        }
    });
    let other = Builder::new().try_run(async || {
        task::expect_panics(1, "boom");
        tokio::spawn(async { panic!("crash") }).await.unwrap_err();
        tokio::spawn(async { panic!("boom") }).await.unwrap_err();
    });

    assert_fails(more, Kind::TaskPanic, &["standstill: a task panicked at 0.000 s: boom 2"]);
    assert_fails(other, Kind::TaskPanic, &["standstill: a task panicked at 0.000 s: crash"]);
}

#[async_test(task_panics = "allow")]
async fn panics_can_be_allowed() {
    tokio::spawn(async { panic!("boom") });

    sleep(1.secs()).await;
}

#[test]
fn the_body_s_own_panic_comes_first_and_the_task_s_is_a_note() {
    let result = Builder::new().try_run(async || {
        tokio::spawn(async { panic!("the cause") }).await.expect("an answer");
    });

    assert_fails(
        result,
        Kind::Panic,
        &["standstill: the test panicked at 0.000 s: an answer", "\nalso: a task panicked at 0.000 s: the cause"],
    );
}

#[test]
fn with_shutdown_runtime_the_first_panic_ends_the_test_at_once() {
    let ended = std::cell::Cell::new(false);

    let result = Builder::new().unhandled_panic(UnhandledPanic::ShutdownRuntime).try_run(async || {
        tokio::spawn(sleep(5.secs()).map(|()| panic!("boom")));
        sleep(1.hours()).await;
        ended.set(true);
    });

    assert_fails(result, Kind::TaskPanic, &["standstill: a task panicked at 5.000 s: boom"]);
    assert!(!ended.get());
}

#[test]
fn a_panic_that_ended_the_test_is_told_though_a_settled_gather_hands_it_on() {
    let result = Builder::new().unhandled_panic(UnhandledPanic::ShutdownRuntime).try_run(async || {
        let gathering = spawn_local(async { task::gather([async { panic!("boom") }]).settled().await.len() });
        sleep(1.hours()).await;
        gathering.await.unwrap()
    });

    assert_fails(result, Kind::TaskPanic, &["panicked at 0.000 s: boom"]);
}

#[test]
fn a_blocking_job_that_never_ends_does_not_hang_the_test_s_end() {
    let (sender, ended) = std_mpsc::channel::<()>();
    std::mem::forget(sender);

    let output = Builder::new().try_run(async || {
        spawn_blocking(move || ended.recv());
        "done"
    });

    assert_eq!(output.unwrap(), "done");
}

#[test]
fn a_body_that_nothing_can_wake_is_stuck() {
    let result = Builder::new().try_run(async || {
        let (_sender, receiver) = oneshot::channel::<()>();
        sleep(3.secs()).await;
        receiver.await.unwrap();
    });

    assert_fails(result, Kind::Stuck, &["standstill: stuck at 3.000 s:", "for tokio::sync::oneshot::Receiver"]);
}

#[test]
fn two_tasks_that_wait_for_each_other_are_stuck_and_both_are_shown() {
    let result = Builder::new().try_run(async || {
        let (to_left, mut from_right) = mpsc::channel::<()>(1);
        let (to_right, mut from_left) = mpsc::channel::<()>(1);
        let left = task::spawn("left", async move {
            from_right.recv().await;
            to_right.send(()).await.unwrap();
        });
        let right = task::spawn("right", async move {
            from_left.recv().await;
            to_left.send(()).await.unwrap();
        });
        gather!(left, right).await
    });

    assert_fails(
        result,
        Kind::Stuck,
        &[
            "task \"left\" (spawned at tests/tasks.rs:",
            "task \"right\" (spawned at tests/tasks.rs:",
            "for tokio::sync::mpsc::",
        ],
    );
}

#[test]
fn a_future_that_lost_its_waker_is_told_apart_from_a_stuck_one() {
    let ready = std::cell::Cell::new(false);

    let result =
        Builder::new().try_run(async || {
            std::future::poll_fn(|_| {
                if ready.replace(true) { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
            })
            .await;
        });

    assert_fails(result, Kind::LostWakeUp, &["standstill: a wake-up was lost"]);
}

#[test]
fn a_body_that_only_a_heartbeat_outlives_is_starved() {
    let result = Builder::new().stuck_after(1_000).try_run(async || {
        task::spawn("heartbeat", heartbeat());
        pending::<()>().await;
    });

    assert_fails(
        result,
        Kind::Starved,
        &[
            "standstill: starved at 1000.000 s (16m 40s): the clock jumped 1000 times and nothing woke the body",
            "task \"heartbeat\" (spawned at tests/tasks.rs:",
            "keeps ticking",
        ],
    );
}

#[test]
fn a_body_that_sleeps_long_beside_a_heartbeat_is_not_starved() {
    let elapsed = Builder::new().stuck_after(100).run(async || {
        task::spawn("heartbeat", heartbeat());
        sleep(1.days()).await;
        clock::elapsed()
    });

    assert_eq!(elapsed, 1.days());
}

#[test]
fn a_body_that_waits_for_a_sleeping_task_beside_a_heartbeat_is_not_starved() {
    let elapsed = Builder::new().stuck_after(100).run(async || {
        tokio::spawn(heartbeat());
        let (send, receive) = oneshot::channel();
        task::spawn("sleeper", async move {
            sleep(1.days()).await;
            send.send(clock::elapsed()).unwrap();
        });
        receive.await.unwrap()
    });

    assert_eq!(elapsed, 1.days());
}

#[test]
fn a_body_that_gathers_sleeping_children_beside_a_heartbeat_is_not_starved() {
    let results = Builder::new().stuck_after(100).run(async || {
        task::background("heartbeat", heartbeat());
        task::gather([2, 1].map(|days| sleep(u64::days(days)).map(|()| clock::elapsed()))).await.unwrap()
    });

    assert_eq!(results, [2.days(), 1.days()]);
}

#[test]
fn by_default_a_body_that_joins_many_sleeps_beside_a_heartbeat_is_not_starved() {
    let elapsed = Builder::new().run(async || {
        task::background("heartbeat", heartbeat());
        futures::future::join_all((0..100).map(|_| sleep(1.days()))).await;
        clock::elapsed()
    });

    assert_eq!(elapsed, 1.days());
}

#[test]
fn by_default_a_body_that_waits_for_a_sleeping_task_of_tokio_s_beside_a_heartbeat_is_not_starved() {
    let elapsed = Builder::new().run(async || {
        task::background("heartbeat", heartbeat());
        tokio::spawn(sleep(1.days())).await.unwrap();
        clock::elapsed()
    });

    assert_eq!(elapsed, 1.days());
}

#[test]
fn a_body_that_advances_the_clock_beside_a_heartbeat_is_not_starved() {
    let elapsed = Builder::new().stuck_after(100).run(async || {
        tokio::spawn(heartbeat());
        clock::advance(1.days()).await;
        clock::elapsed()
    });

    assert_eq!(elapsed, 1.days());
}

#[test]
fn a_body_that_is_woken_now_and_then_is_not_starved() {
    Builder::new().stuck_after(100).run(async || {
        task::background("heartbeat", heartbeat());
        for _ in 0..100 {
            sleep(99.secs()).await;
        }
        assert_elapsed!(9900.secs());
    });
}

#[test]
fn a_body_past_its_limit_of_virtual_time_fails_at_that_instant() {
    let result = Builder::new().timeout(5.secs()).try_run(async || sleep(1.hours()).await);

    assert_fails(result, Kind::VirtualLimit, &["standstill: past the limit of 5s of virtual time", "at 5.000 s"]);
}

#[test]
fn a_body_that_ticks_past_its_limit_fails_too() {
    let result = Builder::new().timeout(90.secs()).try_run(heartbeat);

    assert_fails(result, Kind::VirtualLimit, &["past the limit of 1m 30s of virtual time"]);
}

#[test]
fn a_body_that_ends_at_the_very_limit_is_in_time() {
    let by_itself = Builder::new().timeout(5.secs()).try_run(async || sleep(5.secs()).await);
    let through_tasks = Builder::new().timeout(5.secs()).try_run(async || {
        let (send, receive) = oneshot::channel();
        tokio::spawn(async move {
            sleep(5.secs()).await;
            for _ in 0..200 {
                tokio::task::yield_now().await;
            }
            send.send(()).unwrap();
        });
        receive.await.unwrap();
    });

    by_itself.unwrap();
    through_tasks.unwrap();
}

#[test]
fn a_body_past_its_limit_of_real_time_fails_though_the_clock_is_held() {
    let result = Builder::new().wall_timeout(10.millis()).try_run(async || {
        let _hold = clock::outside("nobody will");
        pending::<()>().await;
    });

    assert_fails(
        result,
        Kind::WallLimit,
        &["standstill: past the limit of 10ms of real time", "held by clock::outside(\"nobody will\")"],
    );
}

#[test]
fn a_body_past_its_limit_of_real_time_fails_though_a_blocking_job_never_ends() {
    let (sender, ended) = std_mpsc::channel::<()>();
    std::mem::forget(sender);

    let result = Builder::new().wall_timeout(10.millis()).try_run(async || {
        // Without it, it would soon be known that the test is stuck.
        let _hold = clock::outside("the job ends");
        spawn_blocking(move || ended.recv()).await.unwrap().unwrap();
    });

    assert_fails(result, Kind::WallLimit, &["past the limit of 10ms of real time"]);
}

#[test]
fn a_body_past_its_limit_of_real_time_fails_though_a_task_spins() {
    let result = Builder::new().wall_timeout(10.millis()).try_run(async || {
        tokio::spawn(async {
            loop {
                tokio::task::yield_now().await;
            }
        });
        sleep(1.secs()).await;
    });

    assert_fails(result, Kind::WallLimit, &["past the limit of 10ms of real time"]);
}

/// Ends a little later, and notes it.
async fn end_later(is_over: Rc<Cell<bool>>) {
    yield_now().await;
    yield_now().await;
    is_over.set(true);
}

#[async_test]
async fn a_local_set_waits_for_the_tasks_that_it_has_spawned_itself() {
    let (set, is_over) = (LocalSet::new(), Rc::new(Cell::new(false)));

    set.spawn_local(end_later(Rc::clone(&is_over)));
    set.await;

    assert!(is_over.get());
}

#[async_test(flavor = "multi_thread", worker_threads = 2)]
async fn on_many_threads_a_local_set_waits_for_the_tasks_that_are_spawned_inside_it() {
    let (set, is_over) = (LocalSet::new(), Rc::new(Cell::new(false)));

    set.spawn_local({
        let is_over = Rc::clone(&is_over);
        async { drop(spawn_local(end_later(is_over))) }
    });
    set.await;

    assert!(is_over.get());
}
