//! Polls that keep the processor are found, by the CPU time of their own thread.
//!
//! So they compute until that is noted: whoever looks at them may itself wait for a processor.
#![expect(unsafe_code, reason = "the CPU time of a thread is asked for as C asks for it")]

use std::backtrace::Backtrace;
use std::future::poll_fn;
use std::hint::black_box;
use std::task::Poll;
use std::thread;
use std::time::{Instant, SystemTime};

use standstill::blocking::{Category, Policy, allow_blocking, deny_blocking, noted};
use standstill::{Builder, Flavor, Kind, Level, prelude::*, task};
use tokio::sync::mpsc;
use tokio::task::{LocalSet, block_in_place, spawn_blocking, yield_now};
use tokio::time::sleep;

/// Far more than the budget of [`strict`], twice of which is found wherever it is looked for.
pub(crate) const LONG: u64 = 60;

/// Far less than the budget of [`lenient`].
pub(crate) const SHORT: u64 = 5;

/// So many short ones are far more than twice that budget.
pub(crate) const MANY: u64 = 40;

/// Denies what is found, and finds it soon.
fn strict() -> Builder {
    // A process that hardly gets a processor finds it late.
    Builder::new().blocking(Policy::all(Level::Deny)).poll_budget(10.millis()).wall_timeout(10.mins())
}

/// Lets short polls pass, whatever a page fault costs.
fn lenient() -> Builder {
    Builder::new().blocking(Policy::all(Level::Deny)).poll_budget(50.millis())
}

/// Computes until the calling thread has had so much more CPU time, which is real in a bubble too.
pub(crate) fn compute(millis: u64) {
    let end = cpu_time() + millis * 1_000_000;
    while cpu_time() < end {
        black_box((0..10_000_u64).map(black_box).sum::<u64>());
    }
}

/// Computes until one more such poll is noted and looked at once more, up to the wall limit.
pub(crate) fn overdo() {
    let before = noted();
    while noted() < before + 2 {
        compute(1);
    }
}

/// As [`overdo`], at one line: it asks whether it was seen only once it must have been, as a rule.
fn overdo_at_one_line() {
    let (before, mut most) = (noted(), if cfg!(debug_assertions) { 1_000_000_u64 } else { 50_000_000 });
    while noted() < before + 2 {
        black_box((0..most).map(black_box).sum::<u64>());
        most *= 2;
    }
}

pub(crate) fn cpu_time() -> u64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: There is room for the time.
    assert_eq!(unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &raw mut time) }, 0);
    u64::try_from(time.tv_sec * 1_000_000_000 + time.tv_nsec).unwrap()
}

/// The report of a test that fails for one poll.
#[track_caller]
fn report(builder: Builder, body: impl AsyncFnOnce()) -> String {
    let failure = builder.try_run(body).expect_err("a poll keeps the processor");
    assert_eq!(failure.kind(), Kind::Blocking);
    let report = failure.to_string();
    assert_eq!(report.matches("keeps the processor").count(), 1, "{report}");
    report
}

/// Asserts who computes, when, and, if it is counted, in which poll.
#[track_caller]
fn is_found(report: &str, who: &str, at: &str, poll: Option<&str>) {
    let start = format!("standstill: {who} keeps the processor at {at}: ");
    let poll = poll.map(|poll| format!(" (its {poll})")).unwrap_or_default();
    let (_, rest) = report.split_once(&start).unwrap_or_else(|| panic!("{start:?} is not in\n{report}"));
    let (_, rest) = rest.split_once(" s of CPU time in one poll").unwrap_or_else(|| panic!("no CPU time in\n{report}"));
    assert!(rest.starts_with(&poll), "{report}");
    if cfg!(feature = "hot-line") {
        assert!(rest.contains(", most of it in "), "{report}");
        assert!(rest.contains("tests/blocking/cpu.rs:"), "{report}");
    } else {
        assert!(rest.contains("its line is not known: standstill's feature \"hot-line\" names it"), "{report}");
    }
    assert!(rest.contains("instead\n    tokio::task::spawn_blocking(..).await for what computes"), "{report}");
}

#[test]
fn a_body_that_computes_is_found() {
    is_found(&report(strict(), async || overdo()), "the body", "0.000 s", Some("1st"));
}

#[test]
fn the_poll_and_its_instant_are_named() {
    let report = report(strict(), async || {
        sleep(1.secs()).await;
        overdo();
    });

    is_found(&report, "the body", "1.000 s", Some("2nd"));
}

#[test]
fn two_polls_of_one_line_are_one_finding_or_two_without_lines() {
    let failure = strict().try_run(async || {
        for _ in 0..2 {
            overdo_at_one_line();
            sleep(1.secs()).await;
        }
    });

    let report = failure.unwrap_err().to_string();
    let count = report.matches("keeps the processor").count();
    assert_eq!(count, if cfg!(feature = "hot-line") { 1 } else { 2 }, "{report}");
    assert_eq!(report.contains("2 times"), cfg!(feature = "hot-line"), "{report}");
}

#[test]
fn a_named_task_that_computes_is_found() {
    let report = report(strict(), async || {
        sleep(1.secs()).await;
        task::spawn("hasher", async { overdo() }).await.unwrap();
    });

    is_found(&report, "task \"hasher\"", "1.000 s", Some("1st"));
}

#[test]
fn a_task_that_computes_is_found() {
    let report = report(strict(), async || {
        tokio::spawn(async {
            sleep(1.secs()).await;
            overdo();
        })
        .await
        .unwrap();
    });

    is_found(&report, "a task", "1.000 s", None);
}

#[test]
fn a_task_of_a_worker_that_computes_is_found() {
    let builder = strict().flavor(Flavor::MultiThread).worker_threads(2);

    let report = report(builder, async || {
        tokio::spawn(async {
            sleep(1.secs()).await;
            overdo();
        })
        .await
        .unwrap();
    });

    is_found(&report, "a task", "1.000 s", None);
}

#[test]
fn the_body_beside_workers_is_found() {
    let builder = strict().flavor(Flavor::MultiThread).worker_threads(2);

    is_found(&report(builder, async || overdo()), "the body", "0.000 s", Some("1st"));
}

#[test]
fn a_local_task_that_computes_is_found() {
    let report = report(strict(), async || {
        let tasks = LocalSet::new();
        tasks.spawn_local(async {
            sleep(1.secs()).await;
            overdo();
        });
        tasks.await;
    });

    is_found(&report, "a task", "1.000 s", None);
}

#[test]
fn a_runtime_of_its_own_on_another_thread_is_found() {
    let report = report(strict(), async || {
        let thread = thread::Builder::new().name("crunch".to_owned()).spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                sleep(1.secs()).await;
                overdo();
            });
        });
        spawn_blocking(|| thread.unwrap().join().unwrap()).await.unwrap();
    });

    is_found(&report, "a block_on of thread \"crunch\"", "1.000 s", None);
}

#[test]
fn a_spin_on_the_clock_is_found_at_its_line() {
    let report = report(strict(), async || {
        let start = Instant::now();
        while start.elapsed() < 1.millis() {}
    });

    assert!(
        report.starts_with(
            "standstill: the body keeps the processor at 0.000 s: std::time::Instant::elapsed (100000 times without a wait)\n"
        ),
        "{report}"
    );
    assert!(report.contains("while start.elapsed() < 1.millis() {}"), "{report}");
}

#[test]
fn a_spin_on_the_date_is_found_at_its_line_and_ends() {
    let report = report(strict(), async || {
        let start = SystemTime::now();
        while SystemTime::now() < start + 1.millis() {}
    });

    assert!(
        report.starts_with(
            "standstill: the body keeps the processor at 0.000 s: std::time::SystemTime::now (100000 times without a wait)\n"
        ),
        "{report}"
    );
    assert!(report.contains("while SystemTime::now() < start + 1.millis() {}"), "{report}");
}

#[test]
fn a_spin_on_the_clock_for_long_is_one_finding() {
    let report = report(strict(), async || {
        overdo();
        let start = Instant::now();
        while start.elapsed() < 1.millis() {}
    });

    assert!(report.contains("std::time::Instant::elapsed (100000 times without a wait)"), "{report}");
}

#[test]
fn polls_that_yield_are_none() {
    lenient().run(async || {
        for _ in 0..MANY {
            compute(SHORT);
            yield_now().await;
        }
    });
}

#[test]
fn polls_of_a_body_that_wakes_itself_are_none() {
    lenient().run(async || wakes_itself().await);
}

#[test]
fn polls_of_tasks_that_wake_themselves_are_none() {
    lenient().run(async || {
        task::spawn("named", wakes_itself()).await.unwrap();
        tokio::spawn(wakes_itself()).await.unwrap();
    });
}

/// Many short polls, between which the runtime may ask for nothing that is ready.
pub(crate) async fn wakes_itself() {
    let mut left = MANY;
    poll_fn(|cx| {
        compute(SHORT);
        left -= 1;
        cx.waker().wake_by_ref();
        if left == 0 { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}

#[test]
fn polls_of_tasks_that_wake_each_other_are_none() {
    lenient().run(async || {
        let (give, mut take) = mpsc::channel(1);
        let giver = tokio::spawn(async move {
            for number in 0..MANY {
                give.send(number).await.unwrap();
            }
        });
        let taker = tokio::spawn(async move {
            while take.recv().await.is_some() {
                compute(SHORT);
            }
        });
        giver.await.unwrap();
        taker.await.unwrap();
    });
}

#[test]
fn blocking_jobs_and_threads_may_compute() {
    strict().run(async || {
        spawn_blocking(|| compute(LONG)).await.unwrap();
        let thread = thread::spawn(|| compute(LONG));
        spawn_blocking(|| thread.join().unwrap()).await.unwrap();
    });
}

#[test]
fn block_in_place_may_compute() {
    strict().flavor(Flavor::MultiThread).worker_threads(2).run(async || {
        tokio::spawn(async {
            sleep(1.secs()).await;
            block_in_place(|| compute(LONG));
        })
        .await
        .unwrap();
    });
}

#[test]
fn what_is_allowed_may_compute() {
    strict().run(async || allow_blocking("a digest", || compute(LONG)));
}

#[test]
fn what_is_denied_may_not_whatever_the_level() {
    let policy = Policy::all(Level::Allow).level(Category::Cpu, Level::Warn);

    let report = report(strict().blocking(policy), async || deny_blocking(overdo));

    is_found(&report, "the body", "0.000 s", Some("1st"));
}

#[test]
fn nobody_looks_where_the_category_is_allowed() {
    let policy = Policy::all(Level::Deny).level(Category::Cpu, Level::Allow);

    strict().blocking(policy).run(async || compute(LONG));
}

#[test]
fn a_poll_within_its_budget_is_none() {
    strict().poll_budget(1.hours()).run(async || compute(LONG));
}

#[test]
fn a_poll_that_puts_stacks_into_words_is_none() {
    lenient().run(async || {
        let end = cpu_time() + MANY * SHORT * 1_000_000;
        while cpu_time() < end {
            black_box(Backtrace::force_capture().to_string());
        }
    });
}

#[test]
fn a_poll_in_which_a_library_prints_a_stack_is_none() {
    strict()
        .try_run(async || {
            // So that it reads the program's files anew, as the first of a process does.
            backtrace::clear_symbol_cache();
            black_box(backtrace::Backtrace::new());
        })
        .unwrap();
}

#[cfg(feature = "hot-line")]
#[test]
fn a_rule_allows_it_by_a_function_that_it_was_seen_in() {
    let policy = Policy::all(Level::Deny).allow_in("blocking::cpu::compute");

    strict().blocking(policy).run(async || overdo());
}
