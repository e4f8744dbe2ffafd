use std::env;
use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{self, Command, Stdio};
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
    let (end, is_over) = std::sync::mpsc::channel();
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
async fn a_lock_that_is_only_tried_is_not_waited_for() {
    let scratch = Scratch::new("file-lock-tried");
    let (held, wanted) = (scratch.open(), scratch.open());
    held.lock().unwrap();

    assert!(wanted.try_lock().is_err());
    drop(held);
    assert!(wanted.try_lock().is_ok());
}
