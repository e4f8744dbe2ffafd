//! Standard input.

use std::io::{BufRead as _, Read as _, Write as _, pipe, stdin};
use std::os::fd::AsRawFd as _;
use std::sync::{Mutex, MutexGuard, PoisonError};

use standstill::blocking::Category::Stdin;

use crate::found::{at, one};

/// Puts a line on this process's standard input, which is nobody else's meanwhile.
fn line() -> MutexGuard<'static, ()> {
    static READER: Mutex<()> = Mutex::new(());

    let guard = READER.lock().unwrap_or_else(PoisonError::into_inner);
    let (reader, mut writer) = pipe().unwrap();
    writer.write_all(b"word\n").unwrap();
    assert_eq!(unsafe { libc::dup2(reader.as_raw_fd(), 0) }, 0);
    guard
}

#[test]
fn stdin_read_line() {
    let _line = line();
    one(Stdin, "std::io::Stdin::read_line", async || at!(stdin().read_line(&mut String::new()).unwrap()));
}

#[test]
fn stdin_lines() {
    let _line = line();
    one(Stdin, "std::io::Lines::next", async || at!(stdin().lines().next().unwrap().unwrap()));
}

#[test]
fn stdin_read_to_string() {
    let _line = line();
    one(Stdin, "std::io::read_to_string", async || at!(std::io::read_to_string(stdin()).unwrap()));
}

#[test]
fn stdin_lock_read_line() {
    let _line = line();
    one(Stdin, "std::io::StdinLock::read_line", async || at!(stdin().lock().read_line(&mut String::new()).unwrap()));
}

#[test]
fn stdin_read() {
    let _line = line();
    one(Stdin, "std::io::Stdin::read", async || at!(stdin().read(&mut [0; 5]).unwrap()));
}

#[test]
fn libc_read_of_stdin() {
    let _line = line();
    let mut bytes = [0_u8; 5];
    one(Stdin, "read", async || at!(unsafe { libc::read(0, bytes.as_mut_ptr().cast(), 5) }));
}
