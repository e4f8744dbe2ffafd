use std::fs::File;
use std::io::{IoSlice, PipeReader, PipeWriter, Read as _, Write as _, copy, pipe};
use std::os::fd::AsRawFd as _;
use std::os::unix::net::UnixStream;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use standstill::prelude::*;

use crate::time_of;

/// Ten megabytes in which no byte is like the one that many pages before.
fn letter() -> Vec<u8> {
    (0..10_000_000_u32).map(|number| (number.wrapping_mul(2_654_435_761) >> 24) as u8).collect()
}

/// Writes a word after three seconds, and closes the pipe two seconds later.
fn write_late(mut to: PipeWriter) -> JoinHandle<()> {
    thread::spawn(move || {
        thread::sleep(3.secs());
        to.write_all(b"hello").unwrap();
        thread::sleep(2.secs());
    })
}

/// Reads all, two million bytes at a time, and sleeps a second after each.
fn read_slowly(mut from: impl std::io::Read) -> (Vec<u8>, Duration) {
    let mut all = Vec::new();
    let spent = time_of(|| {
        while from.by_ref().take(2_000_000).read_to_end(&mut all).unwrap() > 0 {
            thread::sleep(1.secs());
        }
    });
    (all, spent.0)
}

#[async_test(blocking = "allow")]
async fn a_read_takes_until_something_is_written() {
    let (mut reader, writer) = pipe().unwrap();
    let writing = write_late(writer);
    let mut buffer = [0; 10];
    assert_eq!(time_of(|| reader.read(&mut buffer).unwrap()), (3.secs(), 5));
    assert_eq!(time_of(|| reader.read(&mut buffer).unwrap()), (2.secs(), 0));
    writing.join().unwrap();
}

#[async_test(blocking = "allow")]
async fn a_large_write_to_a_pipe_waits_for_a_slow_reader() {
    let (reader, mut writer) = pipe().unwrap();
    let reading = thread::spawn(move || read_slowly(reader));
    let (spent, ()) = time_of(|| writer.write_all(&letter()).unwrap());
    drop(writer);
    let (read, reading) = reading.join().unwrap();
    assert!(read == letter());
    assert_eq!((spent, reading), (4.secs(), 5.secs()));
}

#[async_test(blocking = "allow")]
async fn a_large_write_to_a_socket_waits_for_a_slow_reader() {
    let (reader, mut writer) = UnixStream::pair().unwrap();
    let reading = thread::spawn(move || read_slowly(reader));
    let (spent, ()) = time_of(|| writer.write_all(&letter()).unwrap());
    drop(writer);
    let (read, reading) = reading.join().unwrap();
    assert!(read == letter());
    assert_eq!((spent, reading), (4.secs(), 5.secs()));
}

#[async_test(blocking = "allow")]
async fn a_plain_write_to_a_socket_or_pipe_takes_it_all() {
    use std::os::fd::AsRawFd as _;
    let letter = letter();
    let write = |fd: i32| time_of(|| unsafe { libc::write(fd, letter.as_ptr().cast(), letter.len()) });
    let (reader, writer) = UnixStream::pair().unwrap();
    let reading = thread::spawn(move || read_slowly(reader));
    assert_eq!(write(writer.as_raw_fd()), (4.secs(), 10_000_000));
    drop(writer);
    assert!(reading.join().unwrap().0 == letter);

    let (reader, writer) = pipe().unwrap();
    let reading = thread::spawn(move || read_slowly(reader));
    assert_eq!(write(writer.as_raw_fd()), (4.secs(), 10_000_000));
    drop(writer);
    assert!(reading.join().unwrap().0 == letter);
}

#[async_test(blocking = "allow")]
async fn a_vectored_write_waits_for_a_slow_reader() {
    let (reader, mut writer) = pipe().unwrap();
    let reading = thread::spawn(move || read_slowly(reader));
    let letter = letter();
    let mut rest = &letter[..];
    let (spent, ()) = time_of(|| {
        while !rest.is_empty() {
            let (first, second) = rest.split_at(rest.len() / 2);
            let written = writer.write_vectored(&[IoSlice::new(first), IoSlice::new(second)]).unwrap();
            rest = &rest[written..];
        }
    });
    drop(writer);
    assert!(reading.join().unwrap().0 == letter);
    assert_eq!(spent, 4.secs());
}

#[async_test(blocking = "allow")]
async fn two_readers_of_one_pipe_take_turns() {
    let (reader, mut writer) = pipe().unwrap();
    let spent = thread::scope(|scope| {
        let read = || {
            let mut reader = &reader;
            (0..1000).map(|_| time_of(|| reader.read_exact(&mut [0]).unwrap()).0).sum::<Duration>()
        };
        let readers = [scope.spawn(read), scope.spawn(read)];
        for _ in 0..1000 {
            thread::sleep(1.secs());
            writer.write_all(b"..").unwrap();
        }
        readers.map(|reader| reader.join().unwrap())
    });
    assert_eq!(spent.into_iter().max(), Some(1000.secs()));
}

#[async_test(blocking = "allow")]
async fn an_unread_pipe_holds_its_writer_until_it_is_dropped() {
    let (reader, mut writer) = pipe().unwrap();
    let dropping = thread::spawn(move || {
        thread::sleep(6.secs());
        drop(reader);
    });
    let (spent, error) = time_of(|| writer.write_all(&letter()).unwrap_err());
    assert_eq!((spent, error.kind()), (6.secs(), std::io::ErrorKind::BrokenPipe));
    dropping.join().unwrap();
}

#[async_test(blocking = "allow")]
async fn a_copy_to_a_file_takes_until_all_is_written() {
    let (mut reader, writer) = pipe().unwrap();
    let writing = write_late(writer);
    let mut file = std::fs::File::create(concat!(env!("CARGO_TARGET_TMPDIR"), "/copied")).unwrap();
    assert_eq!(time_of(|| std::io::copy(&mut reader, &mut file).unwrap()), (5.secs(), 5));
    writing.join().unwrap();
}

/// Has std move a letter from a pipe into something that is read slowly, which it does by `splice`.
fn move_to_a_slow_reader<T: std::io::Write>(
    reader: impl std::io::Read + Send + 'static,
    mut to: T,
    copy: fn(&mut PipeReader, &mut T),
) {
    let reading = thread::spawn(move || read_slowly(reader));
    let (mut from, mut writer) = pipe().unwrap();
    let writing = thread::spawn(move || writer.write_all(&letter()).unwrap());
    copy(&mut from, &mut to);
    drop(to);
    writing.join().unwrap();
    let (read, reading) = reading.join().unwrap();
    assert!(read == letter());
    assert_eq!(reading, 5.secs());
}

#[async_test(blocking = "allow")]
async fn what_is_moved_into_a_pipe_waits_for_a_slow_reader() {
    let (reader, to) = pipe().unwrap();
    move_to_a_slow_reader(reader, to, |from, to| assert_eq!(copy(from, to).unwrap(), 10_000_000));
}

#[async_test(blocking = "allow")]
async fn what_is_moved_into_a_socket_waits_for_a_slow_reader() {
    let (reader, to) = UnixStream::pair().unwrap();
    move_to_a_slow_reader(reader, to, |from, to| assert_eq!(copy(from, to).unwrap(), 10_000_000));
}

#[async_test(blocking = "allow")]
async fn a_file_that_is_sent_waits_for_a_slow_reader() {
    const LENGTH: usize = 10_000_000;

    let path = std::env::temp_dir().join(format!("standstill-sent-{}", std::process::id()));
    std::fs::write(&path, letter()).unwrap();
    let file = File::open(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    let (reader, to) = UnixStream::pair().unwrap();
    let reading = thread::spawn(move || read_slowly(reader));
    let mut left = LENGTH;
    while left > 0 {
        let sent = unsafe { libc::sendfile(to.as_raw_fd(), file.as_raw_fd(), std::ptr::null_mut(), left) };
        left -= usize::try_from(sent).unwrap();
    }
    drop(to);
    let (read, reading) = reading.join().unwrap();
    assert!(read == letter());
    assert_eq!(reading, 5.secs());
}
