//! Other processes.

use std::io::{Read as _, Write as _, pipe};
use std::net::{TcpListener, TcpStream};
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::process::{Command, Stdio};
use std::ptr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use standstill::prelude::*;

use crate::c_time::{read, timespec};
use crate::time_of;

fn shell(script: &str) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", script]);
    command
}

/// Forks, runs a piece of code in the child, and gives the child's exit code.
fn in_child(run: impl FnOnce() -> i32) -> i32 {
    unsafe {
        let child = libc::fork();
        if child == 0 {
            libc::_exit(run());
        }
        let mut status = 0;
        assert_eq!(libc::waitpid(child, &raw mut status, 0), child);
        assert!(libc::WIFEXITED(status), "{status}");
        libc::WEXITSTATUS(status)
    }
}

/// The monotonic clock as the kernel shows it, past all hooks.
fn kernel_s() -> Duration {
    let mut time = timespec(Duration::ZERO);
    unsafe { libc::syscall(libc::SYS_clock_gettime, libc::CLOCK_MONOTONIC, &raw mut time) };
    Duration::new(time.tv_sec.cast_unsigned(), time.tv_nsec.try_into().unwrap())
}

/// 7 if clocks and sleeps are real, and nothing hangs.
fn is_real() -> i32 {
    let before = kernel_s();
    let read = read(libc::CLOCK_MONOTONIC);
    thread::sleep(Duration::from_millis(2));
    let after = kernel_s();
    let lock = Mutex::new(());
    drop(lock.lock());
    if before <= read && read <= after && after - before >= Duration::from_millis(2) { 7 } else { 1 }
}

#[async_test(blocking = "allow")]
async fn a_forked_child_lives_in_real_time() {
    assert_eq!(in_child(is_real), 7);
    tokio::time::sleep(1.secs()).await;
    assert_eq!(in_child(is_real), 7);
}

#[async_test(blocking = "allow")]
async fn a_child_that_is_forked_among_busy_members_does_not_hang() {
    let stop = AtomicBool::new(false);
    let mutex = Mutex::new(0);
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    *mutex.lock().unwrap() += 1;
                    thread::sleep(1.millis());
                }
            });
        }
        for _ in 0..20 {
            assert_eq!(in_child(is_real), 7);
        }
        stop.store(true, Ordering::Relaxed);
    });
}

/// Uses what the seam has books for, in a moment.
fn bustle() {
    let (mut reader, mut writer) = pipe().unwrap();
    writer.write_all(b"!").unwrap();
    reader.read_exact(&mut [0]).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    client.set_read_timeout(Some(1.secs())).unwrap();
    drop(listener.accept().unwrap().0.try_clone().unwrap());
}

#[async_test(blocking = "allow")]
async fn a_child_that_is_forked_among_members_that_never_rest_does_what_they_do() {
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    bustle();
                    // Not in the child: std's own locks may be somebody's there who stayed behind.
                    thread::spawn(|| {}).join().unwrap();
                }
            });
        }
        for _ in 0..20 {
            let bustled = in_child(|| {
                bustle();
                is_real()
            });
            assert_eq!(bustled, 7);
        }
        stop.store(true, Ordering::Relaxed);
    });
}

#[async_test(blocking = "allow")]
async fn a_child_that_closes_a_timer_does_not_wait_for_who_stayed_behind() {
    let timer = unsafe { libc::timerfd_create(libc::CLOCK_MONOTONIC, libc::TFD_CLOEXEC) };
    let hour = libc::itimerspec { it_interval: timespec(Duration::ZERO), it_value: timespec(1.hours()) };
    assert_eq!(unsafe { libc::timerfd_settime(timer, 0, &raw const hour, ptr::null_mut()) }, 0);
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        for _ in 0..4 {
            // What a timer shows, the bubble knows.
            scope.spawn(|| {
                let mut left = hour;
                while !stop.load(Ordering::Relaxed) {
                    unsafe { libc::timerfd_gettime(timer, &raw mut left) };
                }
            });
        }
        for _ in 0..30 {
            assert_eq!(in_child(|| unsafe { libc::close(timer) }), 0);
        }
        stop.store(true, Ordering::Relaxed);
    });
    unsafe { libc::close(timer) };
}

#[async_test(blocking = "allow")]
async fn a_child_of_another_member_lives_in_real_time() {
    assert_eq!(thread::spawn(|| in_child(is_real)).join().unwrap(), 7);
}

#[async_test(blocking = "allow")]
async fn a_command_s_output_and_exit_code_are_its_own() {
    let output = shell("echo out; echo err >&2; exit 7").output().unwrap();
    assert_eq!((&*output.stdout, &*output.stderr, output.status.code()), (&b"out\n"[..], &b"err\n"[..], Some(7)));
    assert_eq!(shell("exit 3").status().unwrap().code(), Some(3));
    assert_eq!(shell("kill -9 $$").status().unwrap().signal(), Some(9));
}

#[async_test(blocking = "allow")]
async fn a_command_that_takes_its_time_is_waited_for() {
    let output = shell("sleep 0.1; echo late; sleep 0.1; exit 4").output().unwrap();
    assert_eq!((&*output.stdout, output.status.code()), (&b"late\n"[..], Some(4)));
    standstill::assert_elapsed!(Duration::ZERO);
}

#[async_test(blocking = "allow")]
async fn a_command_s_pipe_is_read_to_its_end() {
    let mut child = shell("sleep 0.1; echo one; sleep 0.1; echo two").stdout(Stdio::piped()).spawn().unwrap();
    let mut text = String::new();
    let (spent, _) = time_of(|| child.stdout.take().unwrap().read_to_string(&mut text).unwrap());
    assert_eq!((spent, &*text), (Duration::ZERO, "one\ntwo\n"));
    assert!(child.wait().unwrap().success());
}

#[async_test(blocking = "allow")]
async fn a_child_answers_what_is_written_to_it() {
    let mut child = Command::new("cat").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let writing = thread::spawn(move || input.write_all(&vec![b'x'; 1_000_000]).unwrap());
    let mut read = Vec::new();
    child.stdout.take().unwrap().read_to_end(&mut read).unwrap();
    writing.join().unwrap();
    assert_eq!(read, vec![b'x'; 1_000_000]);
    assert_eq!(child.wait().unwrap().code(), Some(0));
    standstill::assert_elapsed!(Duration::ZERO);
}

#[async_test(blocking = "allow")]
async fn what_runs_before_exec_runs_in_real_time() {
    let (mut reader, writer) = pipe().unwrap();
    let mut command = shell("exit 5");
    unsafe {
        command.pre_exec(move || {
            let code = is_real();
            (&writer).write_all(&[code.try_into().unwrap()])
        });
    }
    assert_eq!(command.status().unwrap().code(), Some(5));
    drop(command);
    let mut said = Vec::new();
    reader.read_to_end(&mut said).unwrap();
    assert_eq!(said, [7]);
}

#[async_test(blocking = "allow")]
async fn a_command_that_is_not_there_says_so() {
    let error = Command::new("/nowhere/nothing").spawn().unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::NotFound);
}

/// So long that the clock is no longer held for it.
#[async_test(blocking = "allow")]
async fn a_child_that_works_for_long_does_not_leave_the_test_stuck() {
    let mut sleep = tokio::process::Command::new("sleep");
    assert!(sleep.arg("6").status().await.unwrap().success());

    let said = Command::new("sh").args(["-c", "echo done"]).output().unwrap();
    assert_eq!(said.stdout, b"done\n");
}

#[async_test(blocking = "allow")]
async fn tokio_waits_for_a_child_while_the_clock_is_held() {
    let _hold = standstill::clock::outside("a child works");
    let output = tokio::process::Command::new("sh").args(["-c", "sleep 0.1; echo late; exit 4"]).output();
    let output = tokio::time::timeout(30.secs(), output).await.unwrap().unwrap();
    assert_eq!((&*output.stdout, output.status.code()), (&b"late\n"[..], Some(4)));
}
