//! Pipes.

use std::io::{Read as _, Write as _, pipe};
use std::os::fd::AsRawFd as _;
use std::process::{Command, Stdio};

use standstill::blocking::Category::Pipes;

use crate::counterpart::in_a_second;
use crate::found::{at, one};

#[test]
fn pipe_reader_read() {
    one(Pipes, "std::io::Read::read", async || {
        let (mut reader, mut writer) = pipe().unwrap();
        in_a_second(move || writer.write_all(b"word").unwrap());
        at!(reader.read(&mut [0; 4]).unwrap())
    });
}

#[test]
fn pipe_writer_write() {
    one(Pipes, "std::io::Write::write", async || {
        let (_reader, mut writer) = pipe().unwrap();
        at!(writer.write(b"word").unwrap())
    });
}

#[test]
fn libc_read_of_a_pipe() {
    one(Pipes, "read", async || {
        let (reader, mut writer) = pipe().unwrap();
        in_a_second(move || writer.write_all(b"word").unwrap());
        let mut bytes = [0_u8; 4];
        at!(unsafe { libc::read(reader.as_raw_fd(), bytes.as_mut_ptr().cast(), 4) })
    });
}

#[test]
fn libc_poll_of_a_pipe() {
    one(Pipes, "poll", async || {
        let (reader, _writer) = pipe().unwrap();
        let mut asked = libc::pollfd { fd: reader.as_raw_fd(), events: libc::POLLIN, revents: 0 };
        at!(unsafe { libc::poll(&raw mut asked, 1, 1000) })
    });
}

#[test]
fn child_stdout_read() {
    let mut child = Command::new("echo").stdout(Stdio::piped()).spawn().unwrap();
    let stdout = child.stdout.as_mut().unwrap();
    one(Pipes, "std::io::Read::read", async || at!(stdout.read(&mut [0; 1]).unwrap()));
    child.wait().unwrap();
}

#[test]
fn child_stdin_write() {
    let mut child = Command::new("cat").stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    one(Pipes, "std::io::Write::write", async || at!(stdin.write(b"word").unwrap()));
    drop(stdin);
    child.wait().unwrap();
}
