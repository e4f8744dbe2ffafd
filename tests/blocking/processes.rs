//! Child processes.

use std::process::{Command, Stdio};
use std::ptr;

use standstill::blocking::Category::Processes;

use crate::found::{at, one};

#[test]
fn child_wait() {
    one(Processes, "std::process::Child::wait", async || {
        let mut child = Command::new("true").spawn().unwrap();
        at!(child.wait().unwrap())
    });
}

#[test]
fn child_wait_with_output() {
    one(Processes, "std::process::Child::wait_with_output", async || {
        let child = Command::new("echo").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        at!(child.wait_with_output().unwrap())
    });
}

#[test]
fn command_status() {
    one(Processes, "std::process::Command::status", async || at!(Command::new("true").status().unwrap()));
}

#[test]
fn command_output() {
    one(Processes, "std::process::Command::output", async || at!(Command::new("true").output().unwrap()));
}

#[test]
fn libc_waitpid() {
    one(Processes, "waitpid", async || {
        let child = Command::new("true").spawn().unwrap().id().cast_signed();
        at!(unsafe { libc::waitpid(child, ptr::null_mut(), 0) })
    });
}

#[test]
fn libc_wait4() {
    one(Processes, "wait4", async || {
        let child = Command::new("true").spawn().unwrap().id().cast_signed();
        at!(unsafe { libc::wait4(child, ptr::null_mut(), 0, ptr::null_mut()) })
    });
}

#[test]
fn libc_waitid() {
    one(Processes, "waitid", async || {
        let child = Command::new("true").spawn().unwrap().id();
        let mut about = unsafe { std::mem::zeroed::<libc::siginfo_t>() };
        at!(unsafe { libc::waitid(libc::P_PID, child, &raw mut about, libc::WEXITED) })
    });
}

#[test]
fn libc_system() {
    one(Processes, "system", async || at!(unsafe { libc::system(c"true".as_ptr()) }));
}

#[test]
fn libc_popen() {
    let mut stream = ptr::null_mut();
    one(Processes, "popen", async || stream = at!(unsafe { libc::popen(c"true".as_ptr(), c"r".as_ptr()) }));
    unsafe { libc::pclose(stream) };
}

#[test]
fn libc_pclose() {
    let stream = unsafe { libc::popen(c"true".as_ptr(), c"r".as_ptr()) };
    one(Processes, "pclose", async || at!(unsafe { libc::pclose(stream) }));
}
