//! Bubbles do not influence each other, and a body may be whatever a closure may be.

use std::cell::{Cell, RefCell};
use std::env;
use std::panic::catch_unwind;
use std::process::Command;
use std::rc::Rc;
use std::sync::{Arc, Barrier, Mutex, mpsc};
use std::thread;
use std::time::Duration;

use proptest::prelude::*;
use standstill::prelude::*;
use standstill::probe::Meter;
use standstill::{Builder, Kind, assert_elapsed, clock, task};
use tokio::time::sleep;

/// Runs so many closures at the same time, each with its number.
fn at_once<T: Send>(count: u64, run: impl Fn(u64) -> T + Sync) -> Vec<T> {
    let barrier = Barrier::new(usize::try_from(count).unwrap());
    thread::scope(|scope| {
        let start = |number| {
            let (barrier, run) = (&barrier, &run);
            scope.spawn(move || {
                barrier.wait();
                run(number)
            })
        };
        let threads: Vec<_> = (0..count).map(start).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

#[test]
fn bubbles_side_by_side_have_each_their_own_time() {
    let seen = at_once(32, |number| {
        standstill::run(async || {
            let ticks = Meter::new();
            for _ in 0..=number {
                sleep((number + 1).mins()).await;
                ticks.tick();
                tokio::task::spawn_blocking(|| {}).await.unwrap();
            }
            (clock::elapsed(), clock::jumps().len(), ticks.spacing())
        })
    });

    for (number, seen) in (1..).zip(seen) {
        let spacing = vec![number.mins(); usize::try_from(number - 1).unwrap()];
        assert_eq!(seen, ((number * number).mins(), usize::try_from(number).unwrap(), spacing));
    }
}

/// Works for so long in real time, as a test does that is busy.
fn work(time: Duration) {
    let start = clock::real();
    while clock::real() - start < time {}
}

#[test]
fn a_lock_of_tokio_s_in_a_static_is_waited_for_while_the_test_that_has_it_goes_on() {
    static SHARED: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

    let elapsed = at_once(4, |_| {
        standstill::run(async || {
            let _shared = SHARED.lock().await;
            sleep(10.secs()).await;
            work(60.millis());
            sleep(10.secs()).await;
            clock::elapsed()
        })
    });

    assert_eq!(elapsed, [20.secs(); 4]);
}

#[test]
fn what_one_test_makes_once_for_all_is_waited_for_by_the_others() {
    static SHARED: tokio::sync::OnceCell<Duration> = tokio::sync::OnceCell::const_new();

    let made = at_once(4, |_| {
        standstill::run(async || {
            let make = async || {
                sleep(3.secs()).await;
                work(60.millis());
                clock::elapsed()
            };
            *SHARED.get_or_init(make).await
        })
    });

    assert_eq!(made, [3.secs(); 4]);
}

/// Ticks on for ever.
async fn tick() {
    loop {
        sleep(1.secs()).await;
    }
}

#[test]
fn who_waits_for_another_test_is_not_starved_by_what_ticks_beside() {
    static SHARED: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

    let ended = at_once(4, |_| {
        Builder::new().stuck_after(100).try_run(async || {
            tokio::spawn(tick());
            let _shared = SHARED.lock().await;
            work(60.millis());
        })
    });

    assert!(ended.iter().all(Result::is_ok), "{ended:?}");
}

#[test]
fn tests_that_are_starved_side_by_side_are_starved_each_for_itself() {
    let kinds = at_once(4, |_| {
        let failure = Builder::new().stuck_after(100).try_run(async || {
            tokio::spawn(tick());
            std::future::pending::<()>().await;
        });
        failure.unwrap_err().kind()
    });

    assert_eq!(kinds, [Kind::Starved; 4]);
}

#[test]
fn who_waits_for_a_test_that_has_starved_goes_on_once_that_is_over() {
    static SHARED: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

    let (has, had) = mpsc::channel();
    let starved = thread::spawn(move || {
        let failure = Builder::new().stuck_after(100).try_run(async || {
            let _shared = SHARED.lock().await;
            has.send(()).unwrap();
            work(60.millis());
            tokio::spawn(tick());
            std::future::pending::<()>().await;
        });
        failure.unwrap_err().kind()
    });
    had.recv().unwrap();

    standstill::run(async || drop(SHARED.lock().await));

    assert_eq!(starved.join().unwrap(), Kind::Starved);
}

#[test]
fn tests_that_are_stuck_side_by_side_are_stuck_each_for_itself() {
    let kinds = at_once(4, |_| Builder::new().try_run(async || std::future::pending::<()>().await).unwrap_err().kind());

    assert_eq!(kinds, [Kind::Stuck; 4]);
}

#[test]
fn advances_freezes_and_holds_stay_in_their_bubble() {
    let elapsed = at_once(16, |number| {
        standstill::run(async || match number % 4 {
            0 => {
                clock::advance(1.hours()).await;
                clock::elapsed()
            }
            1 => {
                let _frozen = clock::freeze();
                for _ in 0..100 {
                    clock::settle().await;
                }
                clock::elapsed()
            }
            2 => {
                let _hold = clock::outside("nobody");
                for _ in 0..100 {
                    tokio::task::yield_now().await;
                }
                clock::elapsed()
            }
            _ => {
                sleep(2.hours()).await;
                clock::elapsed()
            }
        })
    });

    for (number, elapsed) in elapsed.into_iter().enumerate() {
        assert_eq!(elapsed, [1.hours(), Duration::ZERO, Duration::ZERO, 2.hours()][number % 4]);
    }
}

#[test]
fn a_failure_in_one_bubble_does_not_show_in_another() {
    let kinds = at_once(20, |number| {
        let result = Builder::new().try_run(async || match number % 5 {
            0 => panic!("the body of {number}"),
            1 => {
                tokio::spawn(async move { panic!("a task of {number}") });
                tokio::task::spawn_blocking(move || panic!("a job of {number}")).await.unwrap_err();
            }
            2 => std::future::pending().await,
            3 => {
                task::expect_panics(1, "expected");
                tokio::spawn(async { panic!("expected") }).await.unwrap_err();
            }
            _ => sleep(1.hours()).await,
        });
        let report = result.as_ref().err().map(ToString::to_string).unwrap_or_default();
        for other in (0..20).filter(|other| *other != number) {
            assert!(!report.lines().any(|line| line.ends_with(&format!(" of {other}"))), "{report}");
        }
        result.err().map(|failure| failure.kind())
    });

    for (number, kind) in kinds.into_iter().enumerate() {
        let expected = [Some(Kind::Panic), Some(Kind::TaskPanic), Some(Kind::Stuck), None, None][number % 5];
        assert_eq!(kind, expected, "of {number}");
    }
}

#[test]
fn one_thread_runs_bubble_after_bubble_each_from_zero() {
    for number in 0..100 {
        let elapsed = standstill::run(async || {
            assert_elapsed!(0.secs());
            tokio::spawn(sleep(1.hours()));
            sleep(u64::secs(number)).await;
            clock::elapsed()
        });

        assert_eq!(elapsed, number.secs());
    }
}

#[test]
fn a_thread_runs_bubbles_on_after_one_failed() {
    for _ in 0..10 {
        let panicked = Builder::new().try_run(async || panic!("boom")).unwrap_err();
        let stuck = Builder::new().try_run(async || std::future::pending::<()>().await).unwrap_err();
        let fine = standstill::run(async || clock::timed(sleep(1.secs())).await.1);

        assert_eq!((panicked.kind(), stuck.kind(), fine), (Kind::Panic, Kind::Stuck, 1.secs()));
    }
}

thread_local! {
    static MARK: Cell<bool> = const { Cell::new(false) };
}

#[async_test]
async fn a_test_that_leaves_a_mark_on_its_thread() {
    assert!(!MARK.replace(true), "a thread that another test has marked");
}

#[test]
fn thread_locals_are_fresh_under_the_attribute() {
    MARK.set(true);

    a_test_that_leaves_a_mark_on_its_thread();
    a_test_that_leaves_a_mark_on_its_thread();
}

#[async_test]
async fn the_body_s_thread_has_the_test_s_name() {
    assert_eq!(thread::current().name(), Some("the_body_s_thread_has_the_test_s_name"));
}

#[test]
fn run_stays_on_the_caller_s_thread() {
    let here = thread::current().id();

    standstill::run(async || {
        assert_eq!(thread::current().id(), here);
        assert_eq!(tokio::spawn(async { thread::current().id() }).await.unwrap(), here);
    });
}

#[test]
fn a_body_may_borrow_and_need_not_be_send() {
    let shared = Rc::new(RefCell::new(Vec::new()));
    let mut count = 0;
    let words = ["a", "b", "c"];

    let last = standstill::run(async || {
        for word in &words {
            sleep(1.secs()).await;
            shared.borrow_mut().push((*word, clock::elapsed()));
            count += 1;
        }
        words.last().unwrap()
    });

    assert_eq!(*last, "c");
    assert_eq!(count, 3);
    assert_eq!(*shared.borrow(), [("a", 1.secs()), ("b", 2.secs()), ("c", 3.secs())]);
}

#[async_test]
async fn a_body_under_the_attribute_need_not_be_send() {
    let text = Rc::new(RefCell::new(String::new()));

    tokio::task::spawn_local({
        let text = Rc::clone(&text);
        async move {
            sleep(1.secs()).await;
            text.borrow_mut().push_str("done");
        }
    })
    .await
    .unwrap();

    assert_eq!(*text.borrow(), "done");
}

#[async_test]
async fn a_test_may_return_an_error_that_is_not_send() -> Result<(), Box<dyn std::error::Error>> {
    let number: u32 = "42".parse()?;

    assert_eq!(number, 42);
    Ok(())
}

#[test]
fn run_gives_the_body_s_value() {
    let moved = String::from("moved");

    assert_eq!(standstill::run(async || 42), 42);
    assert_eq!(standstill::run(async move || moved), "moved");
    assert_eq!(standstill::run(async || Err::<(), _>("an error")), Err("an error"));
    assert_eq!(Rc::strong_count(&standstill::run(async || Rc::new(()))), 1);
}

#[test]
fn run_passes_the_body_s_panic_on_with_its_payload() {
    let payload = catch_unwind(|| standstill::run(async || std::panic::panic_any(42_u8))).unwrap_err();

    assert_eq!(payload.downcast_ref(), Some(&42_u8));
}

#[test]
#[should_panic(expected = "standstill: stuck at 0.000 s: nothing is left that could wake this test")]
fn run_panics_with_the_report_s_first_line() {
    standstill::run(async || std::future::pending::<()>().await);
}

#[test]
#[should_panic(expected = "a bubble cannot be opened inside another one or inside a tokio runtime")]
fn a_bubble_inside_a_bubble_panics() {
    standstill::run(async || standstill::run(async || ()));
}

#[tokio::test]
#[should_panic(expected = "a bubble cannot be opened inside another one or inside a tokio runtime")]
async fn a_bubble_inside_a_runtime_panics() {
    standstill::run(async || ());
}

#[async_test(blocking = "allow")]
async fn a_bubble_on_a_thread_of_its_own_is_no_nesting() {
    sleep(1.hours()).await;

    let inner = thread::spawn(|| standstill::run(async || clock::timed(sleep(1.mins())).await)).join().unwrap();

    assert_eq!(inner, ((), 1.mins()));
    assert_elapsed!(1.hours());
}

#[test]
fn the_real_limit_is_real_even_if_a_thread_of_a_bubble_is_the_first_to_need_it() {
    let in_order =
        ["a_bubble_on_a_thread_of_its_own_is_no_nesting", "one_thread_runs_bubble_after_bubble_each_from_zero"];
    let mut program = Command::new(env::current_exe().unwrap());
    let ran = program.args(in_order).args(["--exact", "--test-threads", "1"]).output().unwrap();

    let text = String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.success() && text.contains("2 passed"), "{text}");
}

#[test]
fn a_bubble_can_be_opened_after_a_nested_one_was_refused() {
    let refused = catch_unwind(|| standstill::run(async || standstill::run(async || ())));

    assert!(refused.is_err());
    assert_eq!(standstill::run(async || clock::elapsed()), Duration::ZERO);
}

/// Notes, when it is dropped, the time in the bubble that it is dropped in.
struct Last<'a>(&'a Mutex<Vec<Duration>>);

impl Drop for Last<'_> {
    fn drop(&mut self) {
        self.0.lock().unwrap().push(clock::elapsed());
    }
}

#[test]
fn the_body_s_locals_are_dropped_in_its_bubble_also_when_it_panics_or_is_cut_short() {
    let drops = Mutex::new(Vec::new());

    standstill::run(async || {
        let _last = Last(&drops);
        sleep(1.secs()).await;
    });
    let panicked = Builder::new().try_run(async || {
        let _last = Last(&drops);
        sleep(2.secs()).await;
        panic!("boom");
    });
    let late = Builder::new().timeout(4.secs()).try_run(async || {
        let _last = Last(&drops);
        sleep(1.hours()).await;
    });

    assert!(panicked.is_err() && late.is_err());
    assert_eq!(drops.into_inner().unwrap(), [1.secs(), 2.secs(), 4.secs()]);
}

#[test]
fn the_locals_of_a_stuck_body_are_dropped_in_its_bubble() {
    let drops = Mutex::new(Vec::new());

    let stuck = Builder::new().try_run(async || {
        let _last = Last(&drops);
        std::future::pending::<()>().await;
    });

    assert_eq!(stuck.unwrap_err().kind(), Kind::Stuck);
    assert_eq!(drops.into_inner().unwrap().len(), 1);
}

#[test]
fn what_a_bubble_s_tasks_own_is_dropped_at_its_end() {
    let owned = Arc::new(());

    standstill::run(async || {
        let (one, other, third) = (Arc::clone(&owned), Arc::clone(&owned), Arc::clone(&owned));
        let hold = async |owned: Arc<()>| {
            std::future::pending::<()>().await;
            drop(owned);
        };
        tokio::spawn(hold(one));
        task::spawn("owner", hold(other));
        tokio::task::spawn_local(hold(third));
        tokio::task::yield_now().await;
    });

    assert_eq!(Arc::strong_count(&owned), 1);
}

proptest! {
    #[test]
    fn a_bubble_runs_inside_a_property(delays in prop::collection::vec(0_u64..1_000_000, 0..20)) {
        let elapsed = standstill::run(async || {
            for delay in &delays {
                sleep(delay.millis()).await;
            }
            clock::elapsed()
        });

        prop_assert_eq!(elapsed, delays.iter().sum::<u64>().millis());
    }
}
