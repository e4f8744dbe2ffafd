//! Wherever a future is polled: what blocks there is found, once a line.

use std::thread;
use std::time::Duration;

use standstill::blocking::Category::Sleeps;
use standstill::blocking::Policy;
use standstill::{Builder, Flavor, Level, task};
use tokio::task::{LocalSet, spawn_local};

use crate::found::{Found, found};

const NAP: Duration = Duration::from_millis(1);

fn sleep_at(line: u32, count: u64, who: &str) -> Found {
    Found {
        call: "std::thread::sleep".to_owned(),
        place: format!("tests/blocking/flavors.rs:{line}"),
        count,
        who: who.to_owned(),
    }
}

fn multi_thread() -> Builder {
    Builder::new().flavor(Flavor::MultiThread).worker_threads(2)
}

#[test]
fn the_body_on_a_current_thread_runtime() {
    let line = line!() + 1;
    assert_eq!(found(Sleeps, Builder::new(), async || thread::sleep(NAP)), [sleep_at(line, 1, "the body")]);
}

#[test]
fn the_body_on_a_multi_thread_runtime() {
    let line = line!() + 1;
    assert_eq!(found(Sleeps, multi_thread(), async || thread::sleep(NAP)), [sleep_at(line, 1, "the body")]);
}

#[test]
fn a_task_of_tokio_s() {
    let line = line!() + 1;
    let body = async || tokio::spawn(async { thread::sleep(NAP) }).await.unwrap();
    assert_eq!(found(Sleeps, Builder::new(), body), [sleep_at(line, 1, "a task")]);
    assert_eq!(found(Sleeps, multi_thread(), body), [sleep_at(line, 1, "a task")]);
}

#[test]
fn each_of_many_tasks_counts_by_whatever_way_it_is_polled() {
    let line = line!() + 2;
    let body = async || {
        futures::future::join_all((0..40).map(|_| tokio::spawn(async { thread::sleep(NAP) }))).await;
    };
    assert_eq!(found(Sleeps, multi_thread(), body), [sleep_at(line, 40, "a task")]);
}

#[test]
fn a_task_with_a_name() {
    let line = line!() + 1;
    let body = async || task::spawn("courier", async { thread::sleep(NAP) }).await.unwrap();
    assert_eq!(found(Sleeps, Builder::new(), body), [sleep_at(line, 1, "task \"courier\"")]);
}

#[test]
fn a_future_that_cooperates_shows_who_awaits_it() {
    let body = async || tokio::task::coop::cooperative(async { thread::sleep(NAP) }).await;
    let failure = multi_thread().blocking(Policy::all(Level::Deny)).try_run(body).unwrap_err().to_string();
    assert!(failure.contains("called here, the outermost call first"), "{failure}");
}

#[test]
fn a_local_task() {
    let line = line!() + 1;
    let body = async || spawn_local(async { thread::sleep(NAP) }).await.unwrap();
    assert_eq!(found(Sleeps, Builder::new(), body), [sleep_at(line, 1, "a task")]);
}

#[test]
fn a_task_of_a_local_set() {
    let line = line!() + 1;
    let body = async || LocalSet::new().run_until(async { spawn_local(async { thread::sleep(NAP) }).await }).await;
    assert_eq!(found(Sleeps, Builder::new(), body), [sleep_at(line, 1, "a task")]);
    assert_eq!(found(Sleeps, multi_thread(), body), [sleep_at(line, 1, "a task")]);
}

#[test]
fn the_future_that_a_local_set_runs() {
    let line = line!() + 1;
    let body = async || LocalSet::new().run_until(async { thread::sleep(NAP) }).await;
    assert_eq!(found(Sleeps, Builder::new(), body), [sleep_at(line, 1, "the body")]);
}

#[test]
fn the_first_task_of_a_fresh_worker() {
    let line = line!() + 3;
    let body = async || {
        let (sender, receiver) = tokio::sync::oneshot::channel();
        let first = async move { (thread::sleep(NAP), sender.send(()).unwrap()) };
        tokio::spawn(first);
        receiver.await.unwrap();
    };
    assert_eq!(found(Sleeps, multi_thread().worker_threads(1), body), [sleep_at(line, 1, "a task")]);
}

struct Sleepy;

impl Drop for Sleepy {
    fn drop(&mut self) {
        thread::sleep(NAP);
    }
}

#[test]
fn the_drop_of_an_aborted_task() {
    let line = line!() - 6;
    let body = async || {
        let sleepy = Sleepy;
        let task = tokio::spawn(async move {
            let _sleepy = sleepy;
            std::future::pending::<()>().await;
        });
        tokio::time::sleep(NAP).await;
        task.abort();
        task.await.unwrap_err();
    };
    assert_eq!(found(Sleeps, Builder::new(), body), [sleep_at(line, 1, "a task")]);
    assert_eq!(found(Sleeps, multi_thread(), body), [sleep_at(line, 1, "a task")]);
}

const NAP_OF_ITS_OWN: u32 = line!() + 4;

fn naps_on_a_runtime_of_its_own() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async { thread::sleep(NAP) });
}

#[test]
fn a_runtime_that_the_code_under_test_builds() {
    let body = async || {
        let thread = thread::Builder::new().name("apart".to_owned()).spawn(naps_on_a_runtime_of_its_own).unwrap();
        tokio::task::spawn_blocking(move || thread.join().unwrap()).await.unwrap();
    };
    let who = "a block_on of thread \"apart\"";
    assert_eq!(found(Sleeps, Builder::new(), body), [sleep_at(NAP_OF_ITS_OWN, 1, who)]);

    let nameless = async || {
        let thread = thread::spawn(naps_on_a_runtime_of_its_own);
        tokio::task::spawn_blocking(move || thread.join().unwrap()).await.unwrap();
    };
    let who = "a block_on of a thread without a name";
    assert_eq!(found(Sleeps, Builder::new(), nameless), [sleep_at(NAP_OF_ITS_OWN, 1, who)]);
}

#[test]
fn a_runtime_that_a_blocking_job_builds() {
    let body = async || tokio::task::spawn_blocking(naps_on_a_runtime_of_its_own).await.unwrap();
    assert_eq!(found(Sleeps, Builder::new(), body), [sleep_at(NAP_OF_ITS_OWN, 1, "a task")]);
}

#[test]
fn a_local_runtime_that_the_code_under_test_builds() {
    let line = line!() + 5;
    let body = async || {
        let apart = || {
            let mut builder = tokio::runtime::Builder::new_current_thread();
            let runtime = builder.enable_all().build_local(tokio::runtime::LocalOptions::default()).unwrap();
            let task = runtime.spawn_local(async { thread::sleep(NAP) });
            runtime.block_on(task).unwrap();
        };
        tokio::task::spawn_blocking(move || thread::spawn(apart).join().unwrap()).await.unwrap();
    };
    assert_eq!(found(Sleeps, Builder::new(), body), [sleep_at(line, 1, "a task")]);
}

#[test]
fn a_task_of_a_multi_thread_runtime_that_the_code_under_test_builds() {
    let line = line!() + 4;
    let body = async || {
        let apart = || {
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
            let task = runtime.spawn(async { thread::sleep(NAP) });
            runtime.block_on(task).unwrap();
        };
        tokio::task::spawn_blocking(move || thread::spawn(apart).join().unwrap()).await.unwrap();
    };
    assert_eq!(found(Sleeps, Builder::new(), body), [sleep_at(line, 1, "a task")]);
}

#[test]
fn a_branch_of_select() {
    let line = line!() + 3;
    let body = async || {
        tokio::select! {
            () = async { thread::sleep(NAP) } => {}
            () = std::future::pending() => {}
        }
    };
    assert_eq!(found(Sleeps, Builder::new(), body), [sleep_at(line, 1, "the body")]);
}

#[test]
fn each_branch_of_join() {
    let line = line!() + 1;
    let one = async || thread::sleep(NAP);
    let other = async || thread::sleep(2 * NAP);
    let body = async || tokio::join!(one(), other());
    assert_eq!(found(Sleeps, Builder::new(), body), [sleep_at(line, 1, "the body"), sleep_at(line + 1, 1, "the body")]);
}

#[test]
fn a_future_among_many() {
    let line = line!() + 2;
    let body = async || {
        let each = |_| async { thread::sleep(NAP) };
        futures::future::join_all((0..3).map(each)).await;
    };
    assert_eq!(found(Sleeps, Builder::new(), body), [sleep_at(line, 3, "the body")]);
}

#[test]
fn a_stream_s_step() {
    use futures::StreamExt as _;
    let line = line!() + 2;
    let body = async || {
        let steps = futures::stream::iter(0..3).map(|_| thread::sleep(NAP));
        steps.collect::<Vec<()>>().await;
    };
    assert_eq!(found(Sleeps, Builder::new(), body), [sleep_at(line, 3, "the body")]);
}

#[test]
fn a_poll_written_by_hand() {
    let line = line!() + 3;
    let body = async || {
        std::future::poll_fn(|_| {
            thread::sleep(NAP);
            std::task::Poll::Ready(())
        })
        .await;
    };
    assert_eq!(found(Sleeps, Builder::new(), body), [sleep_at(line, 1, "the body")]);
}

#[test]
fn repeated_calls_of_one_line_are_one_finding() {
    let line = line!() + 3;
    let body = async || {
        for _ in 0..3 {
            thread::sleep(NAP);
        }
    };
    assert_eq!(found(Sleeps, Builder::new(), body), [sleep_at(line, 3, "the body")]);
}

#[test]
fn repeated_calls_of_one_line_over_many_polls_and_tasks_are_one_finding() {
    let line = line!() + 4;
    let body = async || {
        let napper = || async {
            for _ in 0..3 {
                thread::sleep(NAP);
                tokio::time::sleep(NAP).await;
            }
        };
        let (one, other) = (tokio::spawn(napper()), tokio::spawn(napper()));
        one.await.unwrap();
        other.await.unwrap();
    };
    assert_eq!(found(Sleeps, Builder::new(), body), [sleep_at(line, 6, "a task")]);
}

fn helper() {
    // Unlike other functions of this suite, which an optimiser would take it for.
    thread::sleep(3 * NAP);
}

#[test]
fn a_helper_is_found_once_for_each_line_that_leads_to_it() {
    let line = line!() - 5;
    let body = async || {
        helper();
        helper();
    };
    assert_eq!(found(Sleeps, Builder::new(), body), [sleep_at(line, 1, "the body"), sleep_at(line, 1, "the body")]);
}
