//! Threads whose end is waited for.

use std::net::TcpListener;
use std::thread;
use std::time::Duration;

use standstill::Builder;
use standstill::blocking::Category::Joins;
use standstill::blocking::allow_blocking;

use crate::found::{at, one};

fn nap() {
    thread::sleep(Duration::from_secs(1));
}

fn napping<'scope>(scope: &'scope thread::Scope<'scope, '_>) {
    scope.spawn(nap);
}

#[test]
fn join_handle_join() {
    one(Joins, "std::thread::JoinHandle::join", async || {
        let thread = thread::spawn(nap);
        at!(thread.join().unwrap());
    });
}

#[test]
fn join_handle_join_of_a_named_thread() {
    one(Joins, "std::thread::JoinHandle::join", async || {
        let thread = thread::Builder::new().name("napper".to_owned()).spawn(nap).unwrap();
        at!(thread.join().unwrap());
    });
}

#[test]
fn scoped_join_handle_join() {
    one(Joins, "std::thread::ScopedJoinHandle::join", async || {
        thread::scope(|scope| {
            let thread = scope.spawn(nap);
            at!(thread.join().unwrap());
        });
    });
}

#[test]
fn thread_scope() {
    one(Joins, "std::thread::scope", async || at!(thread::scope(napping)));
}

// Whether it has ended by then is a race.
#[test]
fn join_handle_join_of_a_thread_that_ends_at_the_same_instant() {
    one(Joins, "std::thread::JoinHandle::join", async || {
        let (end, ended) = tokio::sync::oneshot::channel();
        let thread = thread::spawn(|| end.send(()).unwrap());
        ended.await.unwrap();
        at!(thread.join().unwrap());
    });
}

#[test]
fn join_handle_join_of_a_thread_that_says_it_is_finished_at_the_same_instant() {
    one(Joins, "std::thread::JoinHandle::join", async || {
        let thread = thread::spawn(|| ());
        // A loop that asks the runtime would ask the clock too, which goes on a little for one that does so for long.
        allow_blocking("it ends by itself", || {
            while !thread.is_finished() {
                thread::yield_now();
            }
        });
        at!(thread.join().unwrap());
    });
}

#[test]
fn a_call_that_waits_for_several_things_is_shown_with_the_worst_and_with_when_it_came_to_that() {
    let failure = Builder::new().try_run(async || {
        let server = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = server.local_addr().unwrap();
        thread::spawn(move || {
            let client = server.accept().unwrap();
            nap();
            drop(client);
        });
        // It waits for an answer, and at its end for the thread that was to get one.
        reqwest::blocking::get(format!("http://{address}")).unwrap_err();
    });

    let report = failure.unwrap_err().to_string();
    assert!(report.contains(" blocks its thread at 1.000 s: reqwest::blocking::get\n"), "{report}");
    assert!(report.contains("\n  it is a library's, and blocks in std::thread::JoinHandle::join\n"), "{report}");
}
