//! Terminals of the process itself, by which code for serial ports and shells is tested.

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::os::fd::{AsRawFd as _, FromRawFd as _};
use std::ptr;

use standstill::prelude::*;
use tokio::io::unix::AsyncFd;
use tokio::time::{sleep, timeout};

/// Both ends of a new one, which hands on what it is given as it is.
fn terminal() -> [File; 2] {
    let mut ends = [0; 2];
    let [one, other] = &mut ends;
    unsafe {
        assert_eq!(libc::openpty(one, other, ptr::null_mut(), ptr::null(), ptr::null()), 0);
        let mut settings = std::mem::zeroed();
        assert_eq!(libc::tcgetattr(ends[1], &raw mut settings), 0);
        libc::cfmakeraw(&raw mut settings);
        assert_eq!(libc::tcsetattr(ends[1], libc::TCSANOW, &raw const settings), 0);
        ends.map(|end| File::from_raw_fd(end))
    }
}

fn heard(end: File) -> AsyncFd<File> {
    assert_eq!(unsafe { libc::fcntl(end.as_raw_fd(), libc::F_SETFL, libc::O_NONBLOCK) }, 0);
    // The file closes what it owns only when it is dropped.
    unsafe { AsyncFd::register(end) }.unwrap()
}

async fn read(end: &AsyncFd<File>) -> io::Result<u8> {
    let mut byte = [0];
    loop {
        let mut guard = end.readable().await?;
        if let Ok(read) = guard.try_io(|end| end.get_ref().read(&mut byte)) {
            return read.map(|_| byte[0]);
        }
    }
}

#[async_test]
async fn the_clock_waits_for_what_is_on_its_way_through_a_terminal() {
    let [one, other] = terminal().map(heard);
    for byte in 0..50 {
        // Whoever waits for it has come to rest by then.
        let reading = timeout(5.secs(), read(&other));
        let writing = async {
            sleep(1.secs()).await;
            one.get_ref().write_all(&[byte]).unwrap();
        };
        let (read, ()) = tokio::join!(reading, writing);
        assert_eq!(read.unwrap().unwrap(), byte);
    }
    assert_elapsed!(50.secs());
}

#[async_test(blocking = "allow")]
async fn a_thread_reads_a_terminal_into_which_another_writes_later() {
    let [mut one, mut other] = terminal();
    let later = std::thread::spawn(move || {
        std::thread::sleep(3.secs());
        one.write_all(b"!").unwrap();
        one
    });
    let mut byte = [0];
    assert_eq!(crate::time_of(|| other.read(&mut byte).unwrap()), (3.secs(), 1));
    drop(later.join().unwrap());
}
