//! Other calls of the system, which nobody waits in.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::Read;
use std::net::{Ipv4Addr, ToSocketAddrs};
use std::os::fd::AsRawFd;
use std::path::Path;
use std::process::{Child, Command};
use std::time::{Instant, SystemTime};
use std::{env, process, thread};

use super::{Line, quiet};

/// A process that ends when its standard input does.
fn cat() -> Child {
    Command::new("cat").stdin(process::Stdio::piped()).spawn().unwrap()
}

#[test]
fn try_wait_for_a_child() {
    let mut child = cat();

    assert!(quiet(async || child.try_wait().unwrap()).is_none());

    drop(child.stdin.take());
    child.wait().unwrap();
}

#[test]
fn waitpid_with_nohang() {
    let mut child = cat();
    let id = child.id().cast_signed();

    // SAFETY: The status may be null.
    assert_eq!(quiet(async || unsafe { libc::waitpid(id, std::ptr::null_mut(), libc::WNOHANG) }), 0);

    drop(child.stdin.take());
    child.wait().unwrap();
}

#[test]
fn killing_a_child() {
    let mut child = cat();

    quiet(async || child.kill().unwrap());

    child.wait().unwrap();
}

#[test]
fn spawning_a_child() {
    let mut child = quiet(async || Command::new("true").spawn().unwrap());

    child.wait().unwrap();
}

#[test]
fn spawning_a_child_in_another_folder() {
    let mut child = quiet(async || Command::new("true").current_dir("/").spawn().unwrap());

    child.wait().unwrap();
}

#[test]
fn spawning_a_child_for_which_std_has_to_fork() {
    let mut child = quiet(async || Command::new("true").env("PATH", "/usr/bin:/bin").spawn().unwrap());

    child.wait().unwrap();
}

#[test]
fn a_new_hash_map() {
    quiet(async || HashMap::from([(7, "parcel")]).len());
}

#[test]
fn random_bytes() {
    quiet(async || (rand::random::<u64>(), uuid::Uuid::new_v4()));
}

#[test]
fn allocating_much_memory() {
    quiet(async || {
        let parcels: Vec<Vec<u8>> = (0..64).map(|size| vec![1; size << 14]).collect();
        parcels.iter().map(Vec::len).sum::<usize>()
    });
}

#[test]
fn dropping_a_file() {
    let line = Line::new("dropped").unwrap();
    let file = File::open(&line.0).unwrap();

    quiet(async move || drop(file));
}

#[test]
fn reading_proc() {
    quiet(async || assert!(fs::read_to_string("/proc/self/status").unwrap().contains("Pid")));
}

#[test]
fn reading_sys() {
    quiet(async || fs::read_to_string("/sys/devices/system/cpu/online").unwrap());
}

#[test]
fn reading_urandom() {
    quiet(async || File::open("/dev/urandom").unwrap().read_exact(&mut [0; 8]).unwrap());
}

#[test]
fn how_many_threads_may_run_at_once() {
    quiet(async || thread::available_parallelism().unwrap());
}

#[test]
fn the_environment_and_the_current_folder() {
    quiet(async || {
        env::vars_os().count();
        env::current_dir().unwrap();
        env::current_exe().unwrap();
    });
}

#[test]
fn the_clocks() {
    quiet(async || (Instant::now(), SystemTime::now()));
}

#[test]
fn an_ip_address_to_socket_addrs() {
    quiet(async || {
        assert_eq!("127.0.0.1:80".to_socket_addrs().unwrap().count(), 1);
        assert_eq!(("127.0.0.1", 80).to_socket_addrs().unwrap().count(), 1);
        assert_eq!(("::1", 80).to_socket_addrs().unwrap().count(), 1);
        assert_eq!((Ipv4Addr::LOCALHOST, 80).to_socket_addrs().unwrap().count(), 1);
    });
}

#[test]
fn looking_into_proc_from_a_folder_that_is_open() {
    let proc_ = File::open("/proc/self").unwrap();

    quiet(async || {
        // SAFETY: All zeros is valid, and there is room for what is told.
        unsafe {
            let mut about = std::mem::zeroed();
            assert_eq!(libc::fstatat(proc_.as_raw_fd(), c"status".as_ptr(), &raw mut about, 0), 0);
            libc::close(libc::openat(proc_.as_raw_fd(), c"status".as_ptr(), libc::O_RDONLY));
        }
    });
}

#[test]
fn what_is_known_of_a_file_that_is_open() {
    let line = Line::new("known").unwrap();
    let file = File::open(&line.0).unwrap();

    quiet(async || {
        file.metadata().unwrap();
        // SAFETY: As above.
        unsafe {
            let mut about = std::mem::zeroed();
            assert_eq!(libc::fstatat(file.as_raw_fd(), c"".as_ptr(), &raw mut about, libc::AT_EMPTY_PATH), 0);
        }
    });
}

#[test]
fn reading_the_time_zone() {
    quiet(async || {
        // Not every machine has all of it.
        for path in ["/etc/localtime", "/usr/share/zoneinfo/UTC", "/etc/timezone"] {
            assert_eq!(fs::read(path).is_ok(), Path::new(path).is_file());
        }
        fs::read_link("/etc/localtime").is_ok()
    });
}
