//! What is said on the terminal.

use std::backtrace::Backtrace;
use std::fs::File;
use std::io::{Write, stderr, stdout};
use std::os::fd::FromRawFd;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use futures::FutureExt as _;

use super::{quiet, quiet_on_many_threads};

#[test]
fn print_and_eprint() {
    quiet(async || {
        println!("a parcel");
        eprintln!("a parcel");
        dbg!("a parcel");
    });
}

#[test]
fn writing_to_the_real_standard_output_and_error() {
    quiet(async || {
        writeln!(stdout(), "a parcel").unwrap();
        writeln!(stderr(), "a parcel").unwrap();
        stdout().flush().unwrap();
    });
}

#[test]
fn writing_by_hand_to_descriptors_1_and_2() {
    quiet(async || {
        for fd in [1, 2] {
            // SAFETY: There are so many bytes.
            assert_eq!(unsafe { libc::write(fd, b"a parcel\n".as_ptr().cast(), 9) }, 9);
        }
    });
}

#[test]
fn writing_to_standard_error_as_a_file() {
    quiet(async || {
        // SAFETY: It is not closed.
        let mut file = std::mem::ManuallyDrop::new(unsafe { File::from_raw_fd(2) });
        writeln!(file, "a parcel").unwrap();
    });
}

#[test]
fn writing_while_another_thread_holds_standard_output() {
    let lines = AtomicUsize::new(0);
    thread::scope(|scope| {
        scope.spawn(|| {
            while lines.load(Ordering::Relaxed) < 200 {
                let mut stdout = stdout().lock();
                write!(stdout, "").unwrap();
                stdout.flush().unwrap();
            }
        });
        quiet(async || {
            for _ in 0..200 {
                writeln!(stdout().lock(), "a parcel").unwrap();
                lines.fetch_add(1, Ordering::Relaxed);
            }
        });
    });
}

#[test]
fn tasks_on_many_threads_that_write_at_once() {
    quiet_on_many_threads(async || {
        let tasks = (0..3).map(|number| {
            tokio::spawn(async move {
                for _ in 0..50 {
                    writeln!(stderr(), "task {number}").unwrap();
                    writeln!(stdout(), "task {number}").unwrap();
                }
            })
        });
        futures::future::join_all(tasks).await;
    });
}

#[test]
fn a_panic_that_prints_itself_and_is_caught() {
    let caught = quiet(async || catch_unwind(|| panic!("out of paper")));

    assert!(caught.is_err());
}

#[test]
fn a_panic_over_an_await_that_prints_itself_and_is_caught() {
    let caught = quiet(async || {
        AssertUnwindSafe(async {
            tokio::task::yield_now().await;
            panic!("out of paper")
        })
        .catch_unwind()
        .await
    });

    assert!(caught.is_err());
}

#[test]
fn a_backtrace_that_is_captured_and_shown() {
    let trace = quiet(async || {
        let trace = Backtrace::force_capture();
        format!("{trace} {trace:?}")
    });

    assert!(trace.contains("output"));
}

#[test]
fn a_backtrace_that_was_captured_before_and_is_shown() {
    let trace = Backtrace::force_capture();

    quiet(async || trace.to_string());
}
