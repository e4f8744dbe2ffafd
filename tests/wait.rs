//! asyncio's `wait` and `as_completed`, to the instant; and what they compose with.

use std::cell::RefCell;
use std::future::{Ready, pending};
use std::rc::Rc;
use std::time::Duration;

use futures::FutureExt as _;
use standstill::prelude::*;
use standstill::probe::Meter;
use standstill::task::{self, NothingToWaitFor, ReturnWhen, Task, as_completed, wait};
use standstill::{assert_elapsed, clock};
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio::time::{sleep, timeout};

/// Gives `value` after so many seconds.
async fn after<T>(seconds: u64, value: T) -> T {
    sleep(seconds.secs()).await;
    value
}

/// Three tasks: `a` does well at 3 s, `b` does well at 1 s, `c` fails at 2 s.
fn a_b_c() -> [Task<Result<(), &'static str>>; 3] {
    [task::spawn("a", after(3, Ok(()))), task::spawn("b", after(1, Ok(()))), task::spawn("c", after(2, Err("failed")))]
}

fn names<T>(tasks: &[Task<T>]) -> Vec<&str> {
    tasks.iter().map(Task::name).collect()
}

#[async_test]
async fn first_completed_returns_with_the_first_task_that_ends() {
    let (done, pending) = wait(a_b_c(), ReturnWhen::FirstCompleted).await.unwrap();

    assert_elapsed!(1.secs());
    assert_eq!(names(&done), ["b"]);
    assert_eq!(names(&pending), ["a", "c"]);
}

#[async_test]
async fn first_error_returns_with_the_first_task_that_fails() {
    let (done, pending) = wait(a_b_c(), ReturnWhen::FirstError).await.unwrap();

    assert_elapsed!(2.secs());
    assert_eq!(names(&done), ["b", "c"]);
    assert_eq!(names(&pending), ["a"]);
}

#[async_test]
async fn all_completed_returns_with_the_last() {
    let (done, pending) = wait(a_b_c(), ReturnWhen::AllCompleted).await.unwrap();

    assert_elapsed!(3.secs());
    assert_eq!(names(&done), ["a", "b", "c"]);
    assert!(pending.is_empty());
}

#[async_test]
async fn first_error_waits_for_all_when_none_fails() {
    let (done, pending) = wait([after(1, Ok::<_, ()>(1)), after(2, Ok(2))], ReturnWhen::FirstError).await.unwrap();

    assert_elapsed!(2.secs());
    assert_eq!((done.len(), pending.len()), (2, 0));
}

#[async_test]
async fn a_cancelled_task_is_no_error_but_is_done() {
    let [a, b, c] = a_b_c();
    b.abort();

    let (done, pending) = wait([a, b, c], ReturnWhen::FirstError).await.unwrap();

    assert_elapsed!(2.secs());
    assert_eq!(names(&done), ["b", "c"]);
    assert_eq!(names(&pending), ["a"]);
}

#[async_test]
async fn a_cancelled_task_completes_a_wait_for_the_first() {
    let doomed = task::spawn("doomed", pending::<()>());
    let doom = doomed.abort_handle().unwrap();
    tokio::spawn(after(1, ()).map(move |()| doom.abort()));

    let (mut done, pending) =
        wait([doomed, task::spawn("other", pending())], ReturnWhen::FirstCompleted).await.unwrap();

    assert_elapsed!(1.secs());
    assert!(done[0].output().unwrap().as_ref().unwrap_err().is_cancelled());
    assert_eq!(names(&pending), ["other"]);
}

#[async_test]
async fn a_panic_is_an_error() {
    task::expect_panics(1, "boom");
    let panics = task::spawn("panics", after(2, ()).map(|()| panic!("boom")));
    let other = task::spawn("other", after(9, ()));

    let (done, pending) = wait([other, panics], ReturnWhen::FirstError).await.unwrap();

    assert_elapsed!(2.secs());
    assert_eq!(names(&pending), ["other"]);
    assert!(done.into_iter().next().unwrap().into_output().unwrap_err().is_panic());
}

#[async_test]
async fn a_task_due_at_the_very_timeout_is_done() {
    let children = [task::spawn("on time", after(5, ())), task::spawn("late", sleep(5001.millis()))];

    let (done, pending) = wait(children, ReturnWhen::AllCompleted).timeout(5.secs()).await.unwrap();

    assert_elapsed!(5.secs());
    assert_eq!(names(&done), ["on time"]);
    assert_eq!(names(&pending), ["late"]);
}

#[async_test]
async fn a_task_due_at_the_timeout_is_done_however_many_polls_it_needs() {
    let (reply, replied) = oneshot::channel();
    let (ask, asked) = oneshot::channel::<()>();
    tokio::spawn(async move {
        asked.await.unwrap();
        for _ in 0..500 {
            tokio::task::yield_now().await;
        }
        reply.send("answer").unwrap();
    });
    let asks = async move {
        sleep(5.secs()).await;
        ask.send(()).unwrap();
        replied.await.unwrap()
    };

    let (done, _) = wait([asks], ReturnWhen::AllCompleted).timeout(5.secs()).await.unwrap();

    assert_elapsed!(5.secs());
    assert_eq!(done.into_iter().next().unwrap().into_output().unwrap(), "answer");
}

#[async_test]
async fn a_timeout_cancels_nothing_and_the_pending_can_be_waited_for_again() {
    let mut tasks = Vec::from(a_b_c());
    let mut rounds = Vec::new();

    while !tasks.is_empty() {
        let (done, pending) = wait(tasks, ReturnWhen::AllCompleted).timeout(750.millis()).await.unwrap();
        rounds.push((clock::elapsed(), done.iter().map(|task| task.name().to_owned()).collect::<Vec<_>>()));
        tasks = pending;
    }

    let names = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
    let expected = [
        (750.millis(), names(&[])),
        (1500.millis(), names(&["b"])),
        (2250.millis(), names(&["c"])),
        (3000.millis(), names(&["a"])),
    ];
    assert_eq!(rounds, expected);
}

#[async_test]
async fn a_timeout_of_zero_gives_what_can_be_done_without_moving_the_clock() {
    let ready = task::spawn("ready", async { tokio::task::yield_now().await });
    let late = task::spawn("late", sleep(1.millis()));

    let (done, pending) = wait([ready, late], ReturnWhen::AllCompleted).timeout(Duration::ZERO).await.unwrap();

    assert_elapsed!(0.secs());
    assert_eq!(names(&done), ["ready"]);
    assert_eq!(names(&pending), ["late"]);
}

#[async_test]
async fn a_timeout_beyond_all_time_is_none() {
    let (done, _) = wait([after(1, ())], ReturnWhen::AllCompleted).timeout(Duration::MAX).await.unwrap();

    assert_eq!(done.len(), 1);
    assert_elapsed!(1.secs());
}

#[async_test]
async fn all_that_end_at_the_instant_of_the_first_are_done() {
    let children = (0..200).map(|n| after(1 + n % 2, ()));

    let (done, pending) = wait(children, ReturnWhen::FirstCompleted).await.unwrap();

    assert_elapsed!(1.secs());
    assert_eq!((done.len(), pending.len()), (100, 100));
}

#[async_test]
async fn a_wait_for_nothing_is_an_error() {
    let nothing: Vec<Ready<()>> = Vec::new();

    let error = wait(nothing, ReturnWhen::AllCompleted).await.unwrap_err();

    assert_eq!(error, NothingToWaitFor);
    assert!(error.to_string().starts_with("wait was given no tasks"));
}

#[async_test]
async fn dropping_a_wait_lets_its_tasks_run_on() {
    let ends = Meter::new();
    let child = |seconds| after(seconds, ends.clone()).map(|end| end.tick());

    let result = timeout(2.secs(), wait([child(1), child(3)], ReturnWhen::AllCompleted)).await;
    sleep(9.secs()).await;

    assert!(result.is_err());
    assert_eq!(ends.instants(), [1.secs(), 3.secs()]);
}

#[async_test]
async fn a_wait_starts_its_tasks_at_the_call() {
    let waiting = wait([after(2, ())], ReturnWhen::AllCompleted);

    sleep(2.secs()).await;
    let (done, _) = waiting.await.unwrap();

    assert_eq!(done.len(), 1);
    assert_elapsed!(2.secs());
}

#[async_test]
async fn ten_thousand_tasks_due_at_the_timeout_are_all_done() {
    let children = (0..10_000).map(|_| after(1, ()));

    let (done, pending) = wait(children, ReturnWhen::AllCompleted).timeout(1.secs()).await.unwrap();

    assert_eq!((done.len(), pending.len()), (10_000, 0));
    assert_elapsed!(1.secs());
}

#[async_test]
async fn as_completed_gives_tasks_as_they_end_and_ties_in_argument_order() {
    let children = [(2, "a"), (1, "b"), (2, "c"), (1, "d"), (0, "e")].map(|(seconds, name)| after(seconds, name));
    let mut tasks = as_completed(children);

    let mut order = Vec::new();
    while let Some(task) = tasks.next().await {
        order.push((task.into_output().unwrap(), clock::elapsed().as_secs()));
    }

    assert_eq!(order, [("e", 0), ("b", 1), ("d", 1), ("a", 2), ("c", 2)]);
    assert!(tasks.next().await.is_none());
}

#[async_test]
async fn as_completed_gives_first_what_ended_before_in_the_order_of_its_ends() {
    let running = ["slow", "late", "early"].map(|name| {
        let seconds = ["early", "late", "slow"].iter().position(|known| *known == name).unwrap();
        task::spawn(name, after(seconds as u64, ()))
    });
    sleep(1500.millis()).await;
    let mut tasks = as_completed(running);

    let mut order = Vec::new();
    while let Some(task) = tasks.next().await {
        order.push((task.name().to_owned(), clock::elapsed()));
    }

    let name = ToString::to_string;
    assert_eq!(order, [(name(&"early"), 1500.millis()), (name(&"late"), 1500.millis()), (name(&"slow"), 2.secs())]);
}

#[async_test]
async fn as_completed_loses_no_task_when_a_next_is_dropped() {
    let mut tasks = as_completed([after(3, "a"), after(5, "b")]);

    for _ in 0..4 {
        assert!(timeout(500.millis(), tasks.next()).await.is_err());
    }

    assert_eq!(tasks.next().await.unwrap().into_output().unwrap(), "a");
    assert_elapsed!(3.secs());
    assert_eq!(tasks.next().await.unwrap().into_output().unwrap(), "b");
    assert_elapsed!(5.secs());
}

#[async_test]
async fn as_completed_gives_errors_panics_and_cancellations_as_outputs() {
    task::expect_panics(1, "boom");
    let cancelled = task::spawn("cancelled", pending());
    cancelled.abort();
    let children = [
        task::spawn("panics", after(2, ()).map(|()| panic!("boom"))),
        task::spawn("fails", after(1, Err::<(), _>("failed"))),
        cancelled,
    ];
    let mut tasks = as_completed(children);

    let mut outputs = Vec::new();
    while let Some(task) = tasks.next().await {
        outputs.push(task.into_output());
    }

    let [Err(cancelled), Ok(Err("failed")), Err(panic)] = &outputs[..] else { panic!("got {outputs:?}") };
    assert!(cancelled.is_cancelled());
    assert!(panic.is_panic());
}

#[async_test]
async fn dropping_as_completed_lets_the_rest_run_on() {
    let ends = Meter::new();
    let mut tasks = as_completed([1, 2, 3].map(|seconds| after(seconds, ends.clone()).map(|end| end.tick())));

    assert!(tasks.next().await.is_some());
    drop(tasks);
    sleep(5.secs()).await;

    assert_eq!(ends.instants(), [1.secs(), 2.secs(), 3.secs()]);
}

#[async_test]
async fn a_borrowed_task_goes_on_when_a_select_or_a_timeout_drops_it() {
    let mut task = task::spawn("slow", after(3, "done"));

    assert!(timeout(1.secs(), &mut task).await.is_err());
    let is_first = tokio::select! {
        _ = &mut task => true,
        () = sleep(1.secs()) => false,
    };

    assert!(!is_first && !task.is_finished());
    assert_eq!(task.await.unwrap(), "done");
    assert_elapsed!(3.secs());
}

#[async_test]
async fn an_abort_handle_cancels_a_task_at_that_instant() {
    let mut task = task::spawn("doomed", pending::<()>());
    let doom = task.abort_handle().unwrap();
    tokio::spawn(after(2, ()).map(move |()| doom.abort()));

    assert!((&mut task).await.unwrap_err().is_cancelled());

    assert_elapsed!(2.secs());
    assert!(task.is_finished());
    assert!(task.abort_handle().is_none());
}

#[async_test]
async fn a_task_has_its_output_at_hand_once_it_is_done() {
    let mut task = task::spawn("answer", after(1, 42));

    assert!(task.output().is_none());
    clock::advance(1.secs()).await;

    assert_eq!(*task.output().unwrap().as_ref().unwrap(), 42);
    assert_eq!(task.await.unwrap(), 42);
}

#[async_test]
#[should_panic(expected = "task \"slow\" has no output yet: it is still running")]
async fn the_output_of_a_running_task_cannot_be_taken() {
    let _ = task::spawn("slow", after(1, ())).into_output();
}

#[async_test]
#[should_panic(expected = "task \"answer\" was awaited after it had given its output")]
async fn an_output_is_given_once() {
    let mut task = task::spawn("answer", async { 42 });

    assert_eq!((&mut task).await.unwrap(), 42);
    let _ = task.await;
}

#[async_test]
async fn a_semaphore_of_three_starts_the_last_of_ten_jobs_at_three_seconds() {
    let semaphore = Rc::new(Semaphore::new(3));
    let starts = Meter::new();
    let jobs = (0..10).map(|_| {
        let (semaphore, starts) = (Rc::clone(&semaphore), starts.clone());
        async move {
            let _permit = semaphore.acquire().await.unwrap();
            starts.tick();
            sleep(1.secs()).await;
        }
    });

    task::gather(jobs).await.unwrap();

    let seconds = starts.instants().iter().map(Duration::as_secs).collect::<Vec<_>>();
    assert_eq!(seconds, [0, 0, 0, 1, 1, 1, 2, 2, 2, 3]);
    assert_elapsed!(4.secs());
}

#[async_test]
async fn a_queue_of_two_takes_five_items_and_a_sentinel_in_five_seconds() {
    let (queue, mut items) = mpsc::channel(2);
    let puts = Meter::new();
    let producer = task::spawn("producer", {
        let puts = puts.clone();
        async move {
            for item in 1..=5 {
                queue.send(Some(item)).await.unwrap();
                puts.tick();
            }
            queue.send(None).await.unwrap();
        }
    });
    let consumer = task::spawn("consumer", async move {
        while let Some(Some(_item)) = items.recv().await {
            sleep(1.secs()).await;
        }
    });

    gather!(producer, consumer).await.unwrap();

    let seconds = puts.instants().iter().map(Duration::as_secs).collect::<Vec<_>>();
    assert_eq!(seconds, [0, 0, 0, 1, 2]);
    assert_elapsed!(5.secs());
}

/// asyncio gives 1, 2, 3, 4 here: who asks again goes behind those that were granted a permit and have not run yet.
#[async_test]
async fn tokio_s_semaphore_hands_a_permit_on_past_a_cancelled_waiter_and_lets_a_quick_asker_pass() {
    let semaphore = Rc::new(Semaphore::new(1));
    let order = Rc::new(RefCell::new(Vec::new()));
    let takes = |numbers: &'static [u32]| {
        let (semaphore, order) = (Rc::clone(&semaphore), Rc::clone(&order));
        task::spawn(format!("takes {numbers:?}"), async move {
            for (turn, number) in numbers.iter().enumerate() {
                if turn > 0 {
                    semaphore.add_permits(1);
                }
                semaphore.acquire().await.unwrap().forget();
                order.borrow_mut().push(*number);
            }
        })
    };
    let tasks = [takes(&[1]), takes(&[2, 4]), takes(&[0]), takes(&[3])];
    clock::settle().await;

    tasks[2].abort();
    semaphore.add_permits(2);
    wait(tasks, ReturnWhen::AllCompleted).await.unwrap();

    assert_eq!(*order.borrow(), [1, 2, 4, 3]);
}

/// asyncio raises from the outer one.
#[async_test]
async fn of_tokio_s_nested_timeouts_with_one_deadline_the_inner_one_elapses() {
    let nested = timeout(1.secs(), timeout(1.secs(), pending::<()>())).await;

    assert!(matches!(nested, Ok(Err(_))));
    assert_elapsed!(1.secs());
}

/// asyncio raises, and the body never starts.
#[async_test]
async fn a_ready_future_meets_tokio_s_timeout_of_zero() {
    assert_eq!(timeout(Duration::ZERO, async { "ready" }).await, Ok("ready"));
    assert_elapsed!(0.secs());
}
