//! Waits for a child process.

use std::io::{BufRead as _, Write as _};
use std::process::{Command, Stdio};
use std::thread;

use standstill::clock;
use standstill::prelude::*;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout};
use tokio::time::{sleep, timeout};

use crate::time_of;

#[async_test(blocking = "allow")]
async fn a_thread_that_waits_for_a_child_is_at_rest() {
    let mut child = Command::new("cat").stdin(Stdio::piped()).spawn().unwrap();
    let input = child.stdin.take().unwrap();
    let waits = thread::spawn(move || child.wait().unwrap());
    // A child holds the clock for five seconds at most.
    thread::sleep(1.hours());
    drop(input);
    assert!(waits.join().unwrap().success());
    assert_elapsed!(1.hours());
}

#[async_test(blocking = "allow")]
async fn a_child_s_end_takes_no_virtual_time() {
    let mut child = Command::new("true").spawn().unwrap();
    assert_eq!(time_of(|| child.wait().unwrap().success()), (0.secs(), true));
}

#[expect(clippy::zombie_processes, reason = "C's functions wait for them")]
#[async_test(blocking = "allow")]
async fn every_way_to_wait_for_a_child_tells_how_it_ended() {
    let spawn = || {
        let child = Command::new("sh").args(["-c", "exit 7"]).spawn().unwrap();
        child.id().cast_signed()
    };
    let mut status = 0;
    unsafe {
        let child = spawn();
        assert_eq!(libc::waitpid(child, &raw mut status, 0), child);
        assert_eq!(libc::WEXITSTATUS(status), 7);
        let (child, mut usage) = (spawn(), std::mem::zeroed());
        assert_eq!(libc::wait4(child, &raw mut status, 0, &raw mut usage), child);
        assert_eq!(libc::WEXITSTATUS(status), 7);
        let (child, mut about) = (spawn(), std::mem::zeroed::<libc::siginfo_t>());
        assert_eq!(libc::waitid(libc::P_PID, child.cast_unsigned(), &raw mut about, libc::WEXITED), 0);
        assert_eq!((about.si_pid(), about.si_status()), (child, 7));
        assert_eq!(libc::waitpid(child, &raw mut status, 0), -1);
        assert_eq!(*libc::__errno_location(), libc::ECHILD);
    }
    assert_eq!(clock::held_by(), []);
}

/// A child that answers a line after a moment's work, as a language server does.
const SERVER: &str = "while read line; do sleep 0.2; echo answer to $line; done";

fn start(script: &str) -> (Child, ChildStdin, Lines<BufReader<ChildStdout>>) {
    let mut shell = tokio::process::Command::new("sh");
    let mut child = shell.args(["-c", script]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let (input, output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    (child, input, BufReader::new(output).lines())
}

#[async_test(blocking = "allow")]
async fn a_child_that_is_asked_through_its_pipes_takes_no_virtual_time_to_answer() {
    let (mut server, mut input, mut answers) = start(SERVER);
    // The clock is not held any more for its being young.
    sleep(1.hours()).await;

    for question in ["one", "two"] {
        input.write_all(format!("{question}\n").as_bytes()).await.unwrap();
        let answer = timeout(1.secs(), answers.next_line()).await.unwrap().unwrap();
        assert_eq!(answer, Some(format!("answer to {question}")));
        assert_elapsed!(1.hours());
    }

    drop(input);
    assert!(server.wait().await.unwrap().success());
}

#[async_test(blocking = "allow")]
async fn a_child_is_waited_for_that_was_told_something_before_which_has_no_answer() {
    let script = "while read line; do test $line = note || { sleep 0.2; echo answer to $line; }; done";
    let (mut server, mut input, mut answers) = start(script);
    input.write_all(b"note\n").await.unwrap();
    // The clock waits for no answer to that any more.
    sleep(1.hours()).await;

    input.write_all(b"one\n").await.unwrap();
    let answer = timeout(1.secs(), answers.next_line()).await.unwrap().unwrap();
    assert_eq!(answer.unwrap(), "answer to one");
    assert_elapsed!(1.hours());

    drop(input);
    server.wait().await.unwrap();
}

#[async_test(blocking = "allow")]
async fn a_thread_that_asks_a_child_waits_for_no_virtual_time() {
    let mut server =
        Command::new("sh").args(["-c", SERVER]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    thread::sleep(1.hours());
    let ticking = thread::spawn(|| thread::sleep(1.hours()));

    server.stdin.as_mut().unwrap().write_all(b"one\n").unwrap();
    let mut answer = String::new();
    std::io::BufReader::new(server.stdout.as_mut().unwrap()).read_line(&mut answer).unwrap();
    assert_eq!(answer, "answer to one\n");
    assert_elapsed!(1.hours());

    drop(server.stdin.take());
    assert!(server.wait().unwrap().success());
    ticking.join().unwrap();
}
