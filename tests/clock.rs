//! The clock: how it jumps, and how a test reads, moves and stops it.

use std::collections::BTreeSet;
use std::future::pending;
use std::rc::Rc;
use std::sync::mpsc as std_mpsc;
use std::thread;
use std::time::Duration;

use futures::future::{join, join_all};
use proptest::prelude::*;
use standstill::prelude::*;
use standstill::probe::Meter;
use standstill::{Builder, Kind, Time, assert_elapsed, clock, task};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep, timeout};

/// Deadlines on both sides of the borders of tokio's timer wheel, and far ones.
const DEADLINES: [u64; 16] = [
    1,
    2,
    62,
    63,
    64,
    65,
    127,
    4095,
    4096,
    4097,
    262_143,
    262_144,
    3_600_000,
    86_400_000,
    365 * 86_400_000,
    20 * 365 * 86_400_000,
];

fn every_jump(deadlines: &BTreeSet<Duration>) -> Vec<(Duration, Duration)> {
    let starts = std::iter::once(Duration::ZERO).chain(deadlines.iter().copied());
    starts.zip(deadlines.iter().copied()).collect()
}

#[test]
fn a_sleep_of_the_body_is_one_jump_however_long() {
    for deadline in DEADLINES.map(u64::millis) {
        let jumps = standstill::run(async || {
            sleep(deadline).await;
            clock::jumps()
        });

        assert_eq!(jumps, [(Duration::ZERO, deadline)]);
    }
}

#[test]
fn a_sleep_of_a_task_is_one_jump_however_long() {
    for deadline in DEADLINES.map(u64::millis) {
        let jumps = standstill::run(async || {
            task::spawn("sleeper", sleep(deadline)).await.unwrap();
            clock::jumps()
        });

        assert_eq!(jumps, [(Duration::ZERO, deadline)]);
    }
}

#[test]
fn a_task_that_wakes_nobody_is_a_jump_of_its_own() {
    for deadline in DEADLINES.map(u64::millis) {
        let end = deadline + 1.hours();

        let jumps = standstill::run(async || {
            task::spawn("sleeper", sleep(deadline));
            sleep(end).await;
            clock::jumps()
        });

        assert_eq!(jumps, [(Duration::ZERO, deadline), (deadline, end)]);
    }
}

#[async_test]
async fn a_sleep_of_no_time_is_no_jump() {
    sleep(Duration::ZERO).await;

    assert!(clock::jumps().is_empty());
}

#[async_test]
async fn sleeps_with_one_deadline_share_a_jump() {
    task::gather((0..100).map(|_| sleep(2.secs()))).await.unwrap();

    assert_eq!(clock::jumps(), [(0.secs(), 2.secs())]);
}

#[async_test]
async fn a_timeout_that_did_not_fire_is_no_jump() {
    for _ in 0..10 {
        timeout(1.hours(), sleep(1.secs())).await.unwrap();
    }
    sleep(5.secs()).await;

    let expected: Vec<_> = (0..10).map(|n| (n.secs(), (n + 1).secs())).chain([(10.secs(), 15.secs())]).collect();
    assert_eq!(clock::jumps(), expected);
}

#[async_test]
async fn a_sleep_that_is_put_off_is_one_jump_to_its_new_deadline() {
    let mut idle = Box::pin(sleep(5.secs()));

    assert!(timeout(2.secs(), &mut idle).await.is_err());
    idle.as_mut().reset(Instant::now() + 10.secs());
    idle.await;

    assert_eq!(clock::jumps(), [(0.secs(), 2.secs()), (2.secs(), 12.secs())]);
}

#[async_test(start_paused = true)]
async fn tokio_s_own_advance_is_a_jump() {
    tokio::time::advance(5.secs()).await;
    sleep(1.secs()).await;

    assert_eq!(clock::jumps(), [(0.secs(), 5.secs()), (5.secs(), 6.secs())]);
}

#[async_test(start_paused = true)]
async fn tokio_s_own_advance_is_a_jump_as_soon_as_it_returns() {
    tokio::time::advance(5.secs()).await;

    assert_eq!(clock::jumps(), [(0.secs(), 5.secs())]);
}

#[async_test]
async fn an_advance_jumps_from_deadline_to_deadline() {
    task::spawn("sleeper", sleep(2.secs()));

    clock::advance(5.secs()).await;

    assert_eq!(clock::jumps(), [(0.secs(), 2.secs()), (2.secs(), 5.secs())]);
}

/// Even milliseconds near and far, as people write them.
fn even_deadlines() -> impl Strategy<Value = Vec<u64>> {
    let near = (1_u64..5_000).prop_map(|half| 2 * half);
    let far = (1_u64..50_000_000).prop_map(|half| 2 * half);
    prop::collection::vec(prop_oneof![near, far], 1..30)
}

proptest! {
    #[test]
    fn jumps_are_the_distinct_deadlines_of_named_tasks(deadlines in even_deadlines()) {
        let jumps = standstill::run(async || {
            let tasks: Vec<_> = deadlines.iter().map(|millis| task::spawn("sleeper", sleep(millis.millis()))).collect();
            for task in tasks {
                task.await.unwrap();
            }
            clock::jumps()
        });

        prop_assert_eq!(jumps, every_jump(&deadlines.into_iter().map(u64::millis).collect()));
    }

    #[test]
    fn jumps_are_the_distinct_deadlines_of_tokio_s_tasks(deadlines in even_deadlines()) {
        let jumps = standstill::run(async || {
            let tasks: Vec<_> = deadlines.iter().map(|millis| tokio::spawn(sleep(millis.millis()))).collect();
            for task in tasks {
                task.await.unwrap();
            }
            clock::jumps()
        });

        prop_assert_eq!(jumps, every_jump(&deadlines.into_iter().map(u64::millis).collect()));
    }

    #[test]
    fn jumps_are_the_distinct_deadlines_of_what_the_body_polls(deadlines in even_deadlines()) {
        let jumps = standstill::run(async || {
            join_all(deadlines.iter().map(|millis| sleep(millis.millis()))).await;
            clock::jumps()
        });

        prop_assert_eq!(jumps, every_jump(&deadlines.into_iter().map(u64::millis).collect()));
    }

    #[test]
    fn jumps_are_the_distinct_deadlines_of_tasks_that_nobody_joins(
        named in even_deadlines(),
        unnamed in even_deadlines(),
    ) {
        let jumps = standstill::run(async || {
            for millis in &named {
                task::spawn("sleeper", sleep(millis.millis()));
            }
            for millis in &unnamed {
                tokio::spawn(sleep(millis.millis()));
            }
            sleep(200_000_000.millis()).await;
            clock::jumps()
        });

        let deadlines = named.into_iter().chain(unnamed).chain([200_000_000]);
        prop_assert_eq!(jumps, every_jump(&deadlines.map(u64::millis).collect()));
    }
}

/// Starts a loop that ticks every `period`.
fn ticking(period: Duration) -> Meter {
    let ticks = Meter::new();
    tokio::spawn({
        let ticks = ticks.clone();
        async move {
            loop {
                sleep(period).await;
                ticks.tick();
            }
        }
    });
    ticks
}

#[async_test]
async fn an_advance_stops_at_every_deadline_on_the_way() {
    let ticks = ticking(30.millis());

    clock::advance(100.millis()).await;

    assert_eq!(ticks.instants(), [30.millis(), 60.millis(), 90.millis()]);
    assert_elapsed!(100.millis());
}

#[async_test]
async fn an_advance_stops_at_every_deadline_while_frozen() {
    let _frozen = clock::freeze();
    let ticks = ticking(30.millis());

    clock::advance(100.millis()).await;

    assert_eq!(ticks.instants(), [30.millis(), 60.millis(), 90.millis()]);
    assert_elapsed!(100.millis());
}

#[async_test]
async fn what_is_due_exactly_at_the_end_of_an_advance_has_run_when_it_returns() {
    let (hop, hopped) = oneshot::channel();
    let (arrive, mut arrived) = oneshot::channel();
    tokio::spawn(async move {
        sleep(100.millis()).await;
        hop.send(()).unwrap();
    });
    tokio::spawn(async move {
        hopped.await.unwrap();
        for _ in 0..200 {
            tokio::task::yield_now().await;
        }
        arrive.send(clock::elapsed()).unwrap();
    });

    clock::advance(99.millis()).await;
    assert!(arrived.try_recv().is_err());

    clock::advance(1.millis()).await;
    assert_eq!(arrived.try_recv(), Ok(100.millis()));
}

#[async_test]
async fn an_advance_keeps_fractions_of_a_millisecond() {
    let due = task::spawn("due at 1 ms", sleep(1.millis()));

    clock::advance(400.micros()).await;
    assert_elapsed!(400.micros());

    clock::advance(599.micros()).await;
    assert_elapsed!(999.micros());
    assert!(!due.is_finished());

    clock::advance(1.micros()).await;
    assert_elapsed!(1.millis());
    assert!(due.is_finished());

    clock::advance(2_500_001.nanos()).await;
    assert_elapsed!(3_500_001.nanos());
}

#[async_test]
async fn an_advance_by_fractions_stops_at_every_deadline_too() {
    let ticks = ticking(1.millis());

    for _ in 0..10 {
        clock::advance(1900.micros()).await;
    }

    assert_elapsed!(19.millis());
    assert_eq!(ticks.instants(), (1..=19).map(u64::millis).collect::<Vec<_>>());
}

#[async_test]
async fn an_advance_by_nothing_lets_what_is_ready_run() {
    let ready = tokio::spawn(async {});

    clock::advance(Duration::ZERO).await;

    assert!(ready.is_finished());
    assert_elapsed!(0.secs());
}

#[async_test]
async fn an_advance_sees_timers_that_are_set_on_the_way() {
    fn nest(depth: u32, ticks: Meter) {
        tokio::spawn(async move {
            sleep(10.millis()).await;
            ticks.tick();
            if depth > 1 {
                nest(depth - 1, ticks);
            }
        });
    }
    let ticks = Meter::new();
    nest(50, ticks.clone());

    clock::advance(305.millis()).await;

    assert_eq!(ticks.instants(), (1..=30).map(|n| (10 * n).millis()).collect::<Vec<_>>());
    assert_elapsed!(305.millis());
}

#[async_test]
async fn a_spawned_task_may_advance_the_clock() {
    let frozen = clock::freeze();
    let ticks = ticking(30.millis());

    let advanced = tokio::spawn(async {
        clock::advance(100.millis()).await;
        clock::elapsed()
    });

    assert_eq!(advanced.await.unwrap(), 100.millis());
    assert_eq!(ticks.count(), 3);
    drop(frozen);
}

#[async_test]
async fn advances_at_the_same_time_overlap() {
    let _frozen = clock::freeze();
    let advance = |by| async move {
        clock::advance(by).await;
        clock::elapsed()
    };

    let ends = join(advance(100.millis()), advance(250.millis())).await;

    assert_eq!(ends, (100.millis(), 250.millis()));
    assert_elapsed!(250.millis());
}

#[async_test]
async fn advances_by_fractions_at_the_same_time_overlap() {
    join(clock::advance(1200.micros()), clock::advance(1500.micros())).await;

    assert_elapsed!(1500.micros());
}

#[async_test]
async fn advances_of_two_tasks_overlap() {
    let _frozen = clock::freeze();
    let advance = |by| {
        tokio::spawn(async move {
            clock::advance(by).await;
            clock::elapsed()
        })
    };
    let (long, short) = (advance(1.hours()), advance(1.mins()));

    assert_eq!(short.await.unwrap(), 1.mins());
    assert_eq!(long.await.unwrap(), 1.hours());
}

#[async_test]
async fn an_advance_by_years_is_quick_and_exact() {
    clock::advance(20.days() * 365).await;

    assert_elapsed!(7300.days());
}

#[async_test]
#[should_panic(expected = "clock::advance by 946080000.000 s goes past the clock's end")]
async fn an_advance_past_the_clock_s_end_panics() {
    clock::advance(365.days() * 30).await;
}

proptest! {
    #[test]
    fn an_advance_is_as_exact_as_a_model(
        periods in prop::collection::vec(1_u64..50, 1..5),
        steps in prop::collection::vec(0_u64..100, 1..20),
    ) {
        let total: u64 = steps.iter().sum();

        let (seen, elapsed) = standstill::run(async || {
            let ticks: Vec<_> = periods.iter().map(|period| ticking(period.millis())).collect();
            for step in &steps {
                clock::advance(step.millis()).await;
            }
            (ticks.iter().map(Meter::instants).collect::<Vec<_>>(), clock::elapsed())
        });

        let expected: Vec<Vec<_>> =
            periods.iter().map(|period| (1..=total / period).map(|n| (n * period).millis()).collect()).collect();
        prop_assert_eq!(seen, expected);
        prop_assert_eq!(elapsed, total.millis());
    }

    #[test]
    fn an_advance_by_microseconds_is_as_exact_as_a_model(
        periods in prop::collection::vec(1_u64..10, 1..4),
        steps in prop::collection::vec(0_u64..5_000, 1..20),
    ) {
        let total: u64 = steps.iter().sum();

        let (seen, elapsed) = standstill::run(async || {
            let ticks: Vec<_> = periods.iter().map(|period| ticking(period.millis())).collect();
            for step in &steps {
                clock::advance(step.micros()).await;
            }
            (ticks.iter().map(Meter::instants).collect::<Vec<_>>(), clock::elapsed())
        });

        let expected: Vec<Vec<_>> =
            periods.iter().map(|period| (1..=total / 1000 / period).map(|n| (n * period).millis()).collect()).collect();
        prop_assert_eq!(seen, expected);
        prop_assert_eq!(elapsed, total.micros());
    }
}

#[async_test]
async fn a_settle_lets_a_long_chain_of_tasks_run_without_moving_the_clock() {
    let (first, mut last) = mpsc::unbounded_channel();
    for _ in 0..5_000 {
        let (to_next, next) = mpsc::unbounded_channel();
        let mut previous = std::mem::replace(&mut last, next);
        tokio::spawn(async move {
            let hops: u32 = previous.recv().await.unwrap();
            to_next.send(hops + 1).unwrap();
        });
    }
    let late = tokio::spawn(sleep(1.millis()));
    first.send(0).unwrap();

    clock::settle().await;

    assert_eq!(last.try_recv(), Ok(5_000));
    assert!(!late.is_finished());
    assert_elapsed!(0.secs());
}

#[async_test]
async fn a_settle_lets_a_loopback_connection_talk_to_its_end() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut server, _) = listener.accept().await.unwrap();
        while let Ok(number) = server.read_u32().await {
            server.write_u32(number + 1).await.unwrap();
        }
    });
    let client = tokio::spawn(async move {
        let mut client = TcpStream::connect(address).await.unwrap();
        let mut number = 0;
        while number < 500 {
            client.write_u32(number).await.unwrap();
            number = client.read_u32().await.unwrap();
        }
    });

    clock::settle().await;

    assert!(client.is_finished());
    assert_elapsed!(0.secs());
    assert!(clock::jumps().is_empty());
}

#[async_test]
async fn a_settle_is_bounded() {
    let spinning = tokio::spawn(async {
        loop {
            tokio::task::yield_now().await;
        }
    });

    clock::settle().await;

    assert_elapsed!(0.secs());
    spinning.abort();
}

#[async_test]
async fn a_settle_does_not_wait_for_a_blocking_job() {
    let (end, ended) = std_mpsc::channel::<()>();
    let job = tokio::task::spawn_blocking(move || ended.recv());

    clock::settle().await;

    assert!(!job.is_finished());
    end.send(()).unwrap();
    job.await.unwrap().unwrap();
}

#[async_test]
async fn tasks_may_settle_at_the_same_time() {
    let waits = (0..50).map(|_| tokio::spawn(clock::settle()));

    for result in join_all(waits).await {
        result.unwrap();
    }

    assert_elapsed!(0.secs());
}

#[async_test]
async fn a_frozen_clock_moves_only_by_advance() {
    let slept = tokio::spawn(sleep(1.secs()));
    let frozen = clock::freeze();

    clock::settle().await;
    clock::advance(999.millis()).await;
    assert!(!slept.is_finished());

    clock::advance(1.millis()).await;
    assert!(slept.is_finished());

    drop(frozen);
    sleep(1.secs()).await;
    assert_elapsed!(2.secs());
}

#[async_test]
async fn freezes_nest_and_their_guards_may_go_in_any_order() {
    let slept = task::spawn("sleeper", sleep(1.secs()));
    let (first, second, third) = (clock::freeze(), clock::freeze(), clock::freeze());

    for guard in [second, first] {
        drop(guard);
        clock::settle().await;
        clock::advance(1.millis()).await;
        assert!(!slept.is_finished());
    }
    drop(third);

    slept.await.unwrap();
    assert_elapsed!(1.secs());
}

#[test]
fn a_frozen_test_that_nothing_can_wake_is_stuck_where_it_stands() {
    let failure = Builder::new()
        .try_run(async || {
            sleep(2.secs()).await;
            let _frozen = clock::freeze();
            pending::<()>().await;
        })
        .unwrap_err();

    assert_eq!(failure.kind(), Kind::Stuck);
    assert!(failure.to_string().starts_with("standstill: stuck at 2.000 s:"), "{failure}");
}

#[test]
fn a_frozen_test_that_waits_for_time_is_stuck_where_it_stands() {
    let failure = Builder::new()
        .try_run(async || {
            sleep(2.secs()).await;
            let _frozen = clock::freeze();
            sleep(1.secs()).await;
        })
        .unwrap_err();

    assert_eq!(failure.kind(), Kind::Stuck);
    let report = failure.to_string();
    assert!(report.starts_with("standstill: stuck at 2.000 s:"), "{report}");
    assert!(report.contains("the clock is frozen by clock::freeze at tests/clock.rs:"), "{report}");
}

#[test]
fn a_frozen_clock_does_not_reach_even_the_next_millisecond() {
    let failure = Builder::new()
        .try_run(async || {
            let _frozen = clock::freeze();
            clock::advance(1.secs()).await;
            task::spawn("sleeper", sleep(1.millis())).await.unwrap();
        })
        .unwrap_err();

    assert_eq!(failure.kind(), Kind::Stuck);
    assert!(failure.to_string().starts_with("standstill: stuck at 1.000 s:"), "{failure}");
}

#[async_test]
async fn a_thawed_clock_jumps_as_if_it_had_never_been_frozen() {
    let frozen = clock::freeze();
    tokio::task::spawn_blocking(|| {}).await.unwrap();
    drop(frozen);

    sleep(1.secs()).await;

    assert_eq!(clock::jumps(), [(0.secs(), 1.secs())]);
}

#[async_test]
async fn a_blocking_job_s_result_arrives_while_frozen() {
    let _frozen = clock::freeze();

    for n in 0..100 {
        assert_eq!(tokio::task::spawn_blocking(move || n).await.unwrap(), n);
    }

    assert_elapsed!(0.secs());
}

#[async_test]
async fn loopback_connections_talk_while_frozen() {
    let _frozen = clock::freeze();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    let (mut server, _) = listener.accept().await.unwrap();

    for n in 0..500 {
        client.write_u32(n).await.unwrap();
        assert_eq!(server.read_u32().await.unwrap(), n);
    }

    assert_elapsed!(0.secs());
}

/// A thread that doubles whatever it is asked.
fn doubler() -> (std_mpsc::Sender<(u64, oneshot::Sender<u64>)>, thread::JoinHandle<()>) {
    let (ask, asked) = std_mpsc::channel::<(u64, oneshot::Sender<u64>)>();
    let thread = thread::spawn(move || {
        for (number, answer) in asked {
            answer.send(2 * number).unwrap();
        }
    });
    (ask, thread)
}

#[async_test(blocking = "allow")]
async fn the_clock_waits_for_a_thread_that_is_announced() {
    let (ask, thread) = doubler();
    let hold = clock::outside("the thread answers");

    for n in 0..1_000 {
        let (answer, answered) = oneshot::channel();
        ask.send((n, answer)).unwrap();
        assert_eq!(timeout(1.millis(), answered).await, Ok(Ok(2 * n)));
    }

    assert_elapsed!(0.secs());
    drop(hold);
    sleep(1.secs()).await;
    assert_elapsed!(1.secs());
    drop(ask);
    thread.join().unwrap();
}

#[async_test(blocking = "allow")]
async fn a_thread_that_is_announced_can_wake_a_frozen_test() {
    let (ask, thread) = doubler();
    let _frozen = clock::freeze();

    for n in 0..100 {
        let _hold = clock::outside("the thread answers");
        let (answer, answered) = oneshot::channel();
        ask.send((n, answer)).unwrap();
        assert_eq!(answered.await, Ok(2 * n));
    }

    assert_elapsed!(0.secs());
    drop(ask);
    thread.join().unwrap();
}

#[async_test(blocking = "allow")]
async fn announcements_nest() {
    let (ask, thread) = doubler();
    let first = clock::outside("the first");
    let second = clock::outside("the second");
    let (answer, answered) = oneshot::channel();

    drop(first);
    ask.send((21, answer)).unwrap();

    assert_eq!(timeout(1.millis(), answered).await, Ok(Ok(42)));
    drop((second, ask));
    thread.join().unwrap();
}

#[async_test]
async fn an_advance_works_while_a_thread_is_announced() {
    let hold = clock::outside("somebody");
    let ticks = ticking(30.millis());
    let (done, advanced) = oneshot::channel();
    tokio::spawn(async move {
        clock::advance(100.millis()).await;
        done.send(clock::elapsed()).unwrap();
    });

    drop(hold);

    assert_eq!(advanced.await, Ok(100.millis()));
    assert_eq!(ticks.count(), 3);
}

#[async_test]
async fn timed_gives_the_output_and_the_time_it_took() {
    sleep(7.secs()).await;

    let timed = clock::timed(async {
        sleep(3.secs()).await;
        "done"
    });

    assert_eq!(timed.await, ("done", 3.secs()));
    assert_eq!(clock::timed(task::spawn("task", sleep(2.secs()))).await.1, 2.secs());
    assert_eq!(clock::timed(async {}).await, ((), Duration::ZERO));
}

#[async_test]
async fn assert_elapsed_takes_every_form_of_range_and_a_start() {
    sleep(1.secs()).await;
    let start = clock::now();
    sleep(5.secs()).await;

    assert_elapsed!(6.secs());
    assert_elapsed!(6.secs(),);
    assert_elapsed!(start, 5.secs());
    assert_elapsed!(start, 5.secs()..6.secs());
    assert_elapsed!(start, 4.secs()..=5.secs());
    assert_elapsed!(start, 5.secs()..);
    assert_elapsed!(start, ..6.secs());
    assert_elapsed!(start, ..=5.secs());
}

#[async_test]
#[should_panic(
    expected = "assert_elapsed! expected exactly 5.000 s since the start of the test, but 4.999 s have passed"
)]
async fn assert_elapsed_says_what_has_passed_instead() {
    sleep(4999.millis()).await;

    assert_elapsed!(5.secs());
}

#[async_test]
#[should_panic(
    expected = "assert_elapsed! expected at least 1.000 s and less than 2.000 s since the given start, but 2.000 s have passed"
)]
async fn assert_elapsed_excludes_the_end_of_a_half_open_range() {
    sleep(1.secs()).await;
    let start = clock::now();
    sleep(2.secs()).await;

    assert_elapsed!(start, 1.secs()..2.secs());
}

#[async_test]
#[should_panic(expected = "expected at least 1.000 s and at most 2.000 s since")]
async fn assert_elapsed_knows_an_inclusive_range() {
    assert_elapsed!(1.secs()..=2.secs());
}

#[async_test]
#[should_panic(expected = "expected at least 0.001 s since the start of the test, but 0.000 s have")]
async fn assert_elapsed_knows_a_range_without_an_end() {
    assert_elapsed!(1.millis()..);
}

#[async_test]
#[should_panic(expected = "expected less than 0.000500 s since the start of the test, but 0.000500 s have")]
async fn assert_elapsed_knows_a_range_without_a_start() {
    clock::advance(500.micros()).await;

    assert_elapsed!(..500.micros());
}

#[async_test]
#[should_panic(expected = "expected at most 0.000000001 s since the start of the test, but 1.000 s have")]
async fn assert_elapsed_knows_an_inclusive_range_without_a_start() {
    sleep(1.secs()).await;

    assert_elapsed!(..=1.nanos());
}

#[async_test(start_paused = true)]
async fn a_blocking_job_reads_the_test_s_clock() {
    let start = clock::now();
    sleep(5.secs()).await;

    let job = tokio::task::spawn_blocking(|| (clock::now(), Instant::now(), clock::elapsed()));
    let (now, tokio_s, elapsed) = job.await.unwrap();

    assert_eq!(now - start, 5.secs());
    assert_eq!(tokio_s, now);
    assert_eq!(elapsed, 5.secs());

    tokio::time::advance(1.secs()).await;

    assert_eq!(tokio::task::spawn_blocking(clock::elapsed).await.unwrap(), 6.secs());
}

#[async_test(start_paused = true, blocking = "allow")]
async fn a_meter_reads_the_test_s_clock_from_any_thread() {
    let ticks = Meter::new();
    let tick = |ticks: Meter| thread::spawn(move || ticks.tick()).join().unwrap();

    sleep(1.secs()).await;
    tick(ticks.clone());
    clock::advance(1.secs()).await;
    tick(ticks.clone());
    tokio::time::advance(1.secs()).await;
    tick(ticks.clone());

    assert_eq!(ticks.instants(), [1.secs(), 2.secs(), 3.secs()]);
}

#[async_test]
async fn now_is_tokio_s_instant() {
    let start = Instant::now();
    assert_eq!(clock::now(), start);

    sleep(1500.millis()).await;

    assert_eq!(clock::now(), Instant::now());
    assert_eq!(clock::now() - start, clock::elapsed());
}

#[async_test]
async fn a_fraction_of_a_millisecond_is_slept_to_the_next_whole_one() {
    let ends = Meter::new();
    for micros in [900, 100, 500] {
        let ends = ends.clone();
        tokio::spawn(async move {
            sleep(u64::micros(micros)).await;
            ends.tick();
        });
    }

    sleep(1500.micros()).await;

    assert_eq!(ends.instants(), [1.millis(); 3]);
    assert_elapsed!(2.millis());
}

#[test]
#[should_panic(expected = "clock::now needs a bubble: run this under #[async_test] or standstill::run")]
fn there_is_no_clock_outside_a_bubble() {
    clock::now();
}

#[test]
#[should_panic(expected = "clock::advance needs virtual time, but this test runs on the real clock")]
fn the_real_clock_cannot_be_moved() {
    Builder::new().time(Time::Real).run(async || clock::advance(1.secs()).await);
}

#[test]
#[should_panic(expected = "clock::freeze needs virtual time, but this test runs on the real clock")]
fn the_real_clock_cannot_be_stopped() {
    Builder::new().time(Time::Real).run(async || drop(clock::freeze()));
}

#[test]
fn the_real_clock_has_no_jumps() {
    let jumps = Builder::new().time(Time::Real).run(async || {
        sleep(1.millis()).await;
        clock::jumps()
    });

    assert_eq!(jumps, []);
}

#[test]
fn durations_are_written_as_people_say_them() {
    assert_eq!(7.nanos(), Duration::from_nanos(7));
    assert_eq!(1000.nanos(), 1.micros());
    assert_eq!(1000.micros(), 1.millis());
    assert_eq!(1000.millis(), 1.secs());
    assert_eq!(60.secs(), 1.mins());
    assert_eq!(60.mins(), 1.hours());
    assert_eq!(24.hours(), 1.days());
    assert_eq!(u64::MAX.secs(), Duration::from_secs(u64::MAX));
}

#[test]
#[should_panic(expected = "overflow")]
fn more_hours_than_fit_panic() {
    let _ = u64::MAX.hours();
}

#[test]
#[should_panic(expected = "a duration of so many days does not fit")]
fn more_days_than_fit_panic() {
    let _ = u64::MAX.days();
}

#[async_test]
async fn guards_say_what_they_are() {
    let (frozen, held) = (Rc::new(clock::freeze()), Rc::new(clock::outside("somebody")));

    assert_eq!(format!("{frozen:?} {held:?}"), "Freeze { .. } Outside { .. }");
}
