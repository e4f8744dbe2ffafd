use std::env;
use std::ffi::CString;
use std::fs::{self, File};
use std::io::{Write as _, pipe};
use std::os::fd::AsRawFd as _;
use std::os::unix::ffi::OsStrExt as _;
use std::path::PathBuf;
use std::process::{self, Command, Stdio};
use std::sync::mpsc::channel;
use std::thread;

use standstill::prelude::*;

use crate::time_of;

/// A file that is gone with the test.
struct Scratch(PathBuf);

impl Scratch {
    fn new(test: &str) -> Self {
        let path = env::temp_dir().join(format!("standstill-{}-{test}", process::id()));
        File::create(&path).unwrap();
        Self(path)
    }

    fn open(&self) -> File {
        File::open(&self.0).unwrap()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        fs::remove_file(&self.0).unwrap();
    }
}

#[async_test(blocking = "allow")]
async fn a_lock_of_a_file_is_waited_for_until_it_is_let_go_of() {
    let scratch = Scratch::new("file-lock");
    let (held, wanted) = (scratch.open(), scratch.open());
    held.lock().unwrap();
    let waiting = thread::spawn(move || time_of(|| wanted.lock().unwrap()).0);
    thread::sleep(3.secs());
    held.unlock().unwrap();

    assert_eq!(waiting.join().unwrap(), 3.secs());
}

#[async_test(blocking = "allow")]
async fn a_file_that_is_closed_lets_those_in_that_share_its_lock() {
    let scratch = Scratch::new("file-closed");
    let held = scratch.open();
    held.lock().unwrap();
    let waiting = [scratch.open(), scratch.open()].map(|wanted| {
        thread::spawn(move || {
            let waited = time_of(|| wanted.lock_shared().unwrap()).0;
            thread::sleep(1.secs());
            waited
        })
    });
    let last = scratch.open();
    let last = thread::spawn(move || {
        thread::sleep(4.secs());
        time_of(|| last.lock().unwrap()).0
    });
    thread::sleep(3500.millis());
    drop(held);

    assert_eq!(waiting.map(|waiting| waiting.join().unwrap()), [3500.millis(); 2]);
    assert_eq!(last.join().unwrap(), 500.millis());
}

#[async_test(blocking = "allow")]
async fn the_clock_waits_for_another_process_that_has_locked_a_file() {
    let scratch = Scratch::new("file-lock-of-another");
    let mut other = Command::new("flock")
        .arg(&scratch.0)
        .args(["sh", "-c", "echo locked; cat"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("flock is there, as part of util-linux");
    let mut locked = [0; 7];
    std::io::Read::read_exact(&mut other.stdout.take().unwrap(), &mut locked).unwrap();
    let wanted = scratch.open();
    let (end, is_over) = channel();
    let waiting = thread::spawn(move || {
        let waited = time_of(|| wanted.lock().unwrap()).0;
        end.send(()).unwrap();
        waited
    });
    let timer = thread::spawn(move || is_over.recv_timeout(1.secs()));
    drop(other.stdin.take());

    assert_eq!(waiting.join().unwrap(), 0.secs());
    assert_eq!(timer.join().unwrap(), Ok(()));
    assert!(other.wait().unwrap().success());
}

#[async_test(blocking = "allow")]
async fn the_clock_waits_for_a_child_that_has_a_locked_file_open_for_longer() {
    let scratch = Scratch::new("file-lock-of-a-child");
    let (held, wanted) = (scratch.open(), scratch.open());
    held.lock().unwrap();
    let (told, mut tell) = pipe().unwrap();
    let child = unsafe { libc::fork() };
    if child == 0 {
        unsafe {
            libc::read(told.as_raw_fd(), [0_u8].as_mut_ptr().cast(), 1);
            libc::_exit(0);
        }
    }
    drop(held);
    let (begin, begun) = channel();
    let waiting = thread::spawn(move || {
        begin.send(()).unwrap();
        time_of(|| wanted.lock().unwrap()).0
    });
    begun.recv().unwrap();
    tell.write_all(b"!").unwrap();

    assert_eq!(waiting.join().unwrap(), 0.secs());
    assert_eq!(unsafe { libc::waitpid(child, std::ptr::null_mut(), 0) }, child);
}

#[async_test(blocking = "allow")]
async fn a_file_of_c_s_that_is_closed_is_let_go_of() {
    let scratch = Scratch::new("file-of-c");
    let path = CString::new(scratch.0.as_os_str().as_bytes()).unwrap();
    let wanted = scratch.open();
    let held = unsafe { libc::fopen(path.as_ptr(), c"r".as_ptr()) };
    assert_eq!(unsafe { libc::flock(libc::fileno(held), libc::LOCK_EX) }, 0);
    let waiting = thread::spawn(move || time_of(|| wanted.lock().unwrap()).0);
    thread::sleep(3.secs());
    assert_eq!(unsafe { libc::fclose(held) }, 0);

    assert_eq!(waiting.join().unwrap(), 3.secs());
}

#[async_test(blocking = "allow")]
async fn a_number_that_is_given_to_another_file_lets_go_of_a_lock() {
    let scratch = Scratch::new("file-number");
    let (held, wanted, other) = (scratch.open(), scratch.open(), scratch.open());
    held.lock().unwrap();
    let waiting = thread::spawn(move || time_of(|| wanted.lock().unwrap()).0);
    thread::sleep(3.secs());
    assert_eq!(unsafe { libc::dup2(other.as_raw_fd(), held.as_raw_fd()) }, held.as_raw_fd());

    assert_eq!(waiting.join().unwrap(), 3.secs());
}

#[async_test(blocking = "allow")]
async fn two_that_share_a_lock_and_both_want_it_alone_have_it_one_after_the_other() {
    let scratch = Scratch::new("file-lock-alone");
    let files = [scratch.open(), scratch.open()];
    for file in &files {
        file.lock_shared().unwrap();
    }
    let waiting = files.map(|file| {
        thread::spawn(move || {
            let waited = time_of(|| file.lock().unwrap()).0;
            thread::sleep(1.secs());
            waited
        })
    });
    let mut waited = waiting.map(|waiting| waiting.join().unwrap());
    waited.sort();

    assert_eq!(waited, [0.secs(), 1.secs()]);
}

#[async_test(blocking = "allow")]
async fn a_lock_that_is_only_tried_is_not_waited_for() {
    let scratch = Scratch::new("file-lock-tried");
    let (held, wanted) = (scratch.open(), scratch.open());
    held.lock().unwrap();

    assert!(wanted.try_lock().is_err());
    // If it were closed instead, a child that another test has just forked might have it still.
    held.unlock().unwrap();
    assert!(wanted.try_lock().is_ok());
}
