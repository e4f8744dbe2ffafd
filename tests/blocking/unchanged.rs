//! Calls that are only looked at give what libc gives.
#![expect(unsafe_code, reason = "half of these tests are a C program's calls")]

use std::ffi::CString;
use std::io::{Error, ErrorKind};
use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use std::ptr::null_mut;
use std::{env, fs};

use standstill::blocking::{Detector, Policy};
use standstill::{Builder, Level};

/// Runs a check where nobody listens, under a detector and in a bubble.
fn everywhere(check: fn()) {
    check();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let watch = Detector::new().watch();
        check();
        drop(watch.findings());
    });
    Builder::new().blocking(Policy::all(Level::Warn).allow_in("blocking::unchanged")).run(async || check());
}

fn errno() -> i32 {
    Error::last_os_error().raw_os_error().unwrap()
}

#[test]
fn a_call_that_fails_fails_with_its_own_error() {
    everywhere(|| {
        let missing = c"/no/such/file".as_ptr();
        // SAFETY: Every pointer is valid, or null where that is allowed.
        unsafe {
            assert_eq!((libc::open(missing, libc::O_RDONLY), errno()), (-1, libc::ENOENT));
            assert_eq!((libc::unlink(missing), errno()), (-1, libc::ENOENT));
            assert_eq!((libc::access(missing, libc::F_OK), errno()), (-1, libc::ENOENT));
            assert_eq!((libc::fsync(-1), errno()), (-1, libc::EBADF));
            assert_eq!((libc::read(-1, null_mut(), 0), errno()), (-1, libc::EBADF));
            assert_eq!((libc::pread64(-1, null_mut(), 0, 0), errno()), (-1, libc::EBADF));
            assert_eq!((libc::flock(-1, libc::LOCK_EX), errno()), (-1, libc::EBADF));
            assert_eq!((libc::waitpid(1, null_mut(), 0), errno()), (-1, libc::ECHILD));
            assert_eq!((libc::recv(-1, null_mut(), 0, 0), errno()), (-1, libc::EBADF));
            assert!(libc::opendir(missing).is_null());
            assert_eq!(errno(), libc::ENOENT);
            assert!(libc::fopen(missing, c"r".as_ptr()).is_null());
            assert_eq!(
                libc::getaddrinfo(c"no such name".as_ptr(), null_mut(), null_mut(), &mut null_mut()),
                libc::EAI_NONAME
            );
        }
    });
}

#[test]
fn a_call_that_succeeds_leaves_errno_alone() {
    everywhere(|| {
        let path = CString::new(env::current_exe().unwrap().into_os_string().into_encoded_bytes()).unwrap();
        // SAFETY: The path is valid, and the address that of the thread's own errno.
        unsafe {
            *libc::__errno_location() = libc::EXDEV;
            let fd = libc::open(path.as_ptr(), libc::O_RDONLY);
            assert!(fd >= 0);
            assert_eq!(libc::access(path.as_ptr(), libc::R_OK), 0);
            assert_eq!(libc::flock(fd, libc::LOCK_SH | libc::LOCK_NB), 0);
            assert_eq!(libc::close(fd), 0);
            assert_eq!(*libc::__errno_location(), libc::EXDEV);
        }
    });
}

#[test]
fn the_mode_of_a_file_that_is_created_arrives() {
    everywhere(|| {
        let folder = tempfile();
        for (name, mode) in [("one", 0o600), ("two", 0o640)] {
            let path = CString::new(format!("{folder}/{name}")).unwrap();
            let flags = libc::O_CREAT | libc::O_WRONLY | libc::O_EXCL;
            // SAFETY: The path is valid.
            let fd = unsafe {
                if name == "one" {
                    libc::open(path.as_ptr(), flags, mode)
                } else {
                    libc::openat(libc::AT_FDCWD, path.as_ptr(), flags, mode)
                }
            };
            assert!(fd >= 0);
            // SAFETY: It has just been opened.
            unsafe { libc::close(fd) };
            let found = fs::metadata(path.to_str().unwrap()).unwrap().permissions().mode();
            // SAFETY: The call has no contract; and it is set back.
            let mask = unsafe { libc::umask(0o022) };
            // SAFETY: As above.
            unsafe { libc::umask(mask) };
            assert_eq!(found & 0o777, mode & !mask);
        }
        fs::remove_dir_all(folder).unwrap();
    });
}

/// A folder of its own.
fn tempfile() -> String {
    let mut template = *b"/tmp/standstill-XXXXXX\0";
    // SAFETY: The template is writable and ends with a zero byte.
    let folder = unsafe { libc::mkdtemp(template.as_mut_ptr().cast()) };
    assert!(!folder.is_null());
    String::from_utf8(template[..template.len() - 1].to_vec()).unwrap()
}

#[test]
fn a_child_s_exit_code_and_output_are_its_own() {
    everywhere(|| {
        let output = Command::new("sh").args(["-c", "echo out; echo err >&2; exit 7"]).output().unwrap();
        assert_eq!((output.status.code(), &*output.stdout, &*output.stderr), (Some(7), &b"out\n"[..], &b"err\n"[..]));
        // SAFETY: The command ends with a zero byte.
        let status = unsafe { libc::system(c"exit 3".as_ptr()) };
        assert_eq!(libc::WEXITSTATUS(status), 3);
        assert_eq!(Command::new("no such program").status().unwrap_err().kind(), ErrorKind::NotFound);
    });
}

#[test]
fn a_child_that_a_signal_ends_says_so() {
    everywhere(|| {
        let mut child = Command::new("sleep").arg("1000").spawn().unwrap();
        child.kill().unwrap();
        assert_eq!(std::os::unix::process::ExitStatusExt::signal(&child.wait().unwrap()), Some(libc::SIGKILL));
    });
}

#[test]
fn a_forked_child_that_makes_such_calls_ends_with_its_code() {
    everywhere(|| {
        // SAFETY: The child makes only calls that are allowed after a fork.
        let child = unsafe { libc::fork() };
        if child == 0 {
            // SAFETY: The paths are valid.
            unsafe {
                let fd = libc::open(c"/etc/passwd".as_ptr(), libc::O_RDONLY);
                let code = if fd >= 0 && libc::access(c"/no/such/file".as_ptr(), libc::F_OK) == -1 { 5 } else { 6 };
                libc::_exit(code);
            }
        }
        let mut status = 0;
        // SAFETY: There is room for the status.
        assert_eq!(unsafe { libc::waitpid(child, &raw mut status, 0) }, child);
        assert_eq!(libc::WEXITSTATUS(status), 5);
    });
}
