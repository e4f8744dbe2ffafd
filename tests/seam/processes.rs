//! Waits for a child process.

use std::process::{Command, Stdio};
use std::thread;

use standstill::clock;
use standstill::prelude::*;

use crate::time_of;

#[async_test(blocking = "allow")]
async fn a_thread_that_waits_for_a_child_is_at_rest() {
    let mut child = Command::new("cat").stdin(Stdio::piped()).spawn().unwrap();
    let input = child.stdin.take().unwrap();
    let waits = thread::spawn(move || child.wait().unwrap());
    // A child holds the clock for five seconds at most.
    thread::sleep(1.hours());
    drop(input);
    assert!(waits.join().unwrap().success());
    assert_elapsed!(1.hours());
}

#[async_test(blocking = "allow")]
async fn a_child_s_end_takes_no_virtual_time() {
    let mut child = Command::new("true").spawn().unwrap();
    assert_eq!(time_of(|| child.wait().unwrap().success()), (0.secs(), true));
}

#[expect(clippy::zombie_processes, reason = "C's functions wait for them")]
#[async_test(blocking = "allow")]
async fn every_way_to_wait_for_a_child_tells_how_it_ended() {
    let spawn = || {
        let child = Command::new("sh").args(["-c", "exit 7"]).spawn().unwrap();
        child.id().cast_signed()
    };
    let mut status = 0;
    unsafe {
        let child = spawn();
        assert_eq!(libc::waitpid(child, &raw mut status, 0), child);
        assert_eq!(libc::WEXITSTATUS(status), 7);
        let (child, mut usage) = (spawn(), std::mem::zeroed());
        assert_eq!(libc::wait4(child, &raw mut status, 0, &raw mut usage), child);
        assert_eq!(libc::WEXITSTATUS(status), 7);
        let (child, mut about) = (spawn(), std::mem::zeroed::<libc::siginfo_t>());
        assert_eq!(libc::waitid(libc::P_PID, child.cast_unsigned(), &raw mut about, libc::WEXITED), 0);
        assert_eq!((about.si_pid(), about.si_status()), (child, 7));
        assert_eq!(libc::waitpid(child, &raw mut status, 0), -1);
        assert_eq!(*libc::__errno_location(), libc::ECHILD);
    }
    assert_eq!(clock::held_by(), []);
}
