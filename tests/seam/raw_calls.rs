//! System calls that a program makes itself, as rustix does.
#![cfg(target_arch = "x86_64")]

use std::arch::asm;
use std::io::{Write as _, pipe};
use std::os::fd::AsRawFd as _;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{TryRecvError, channel};
use std::thread;
use std::time::Duration;

use standstill::blocking::allow_blocking;
use standstill::prelude::*;

use crate::c_time::timespec;
use crate::time_of;

/// Makes a call past libc, and gives what the kernel gives.
unsafe fn call(number: i64, arguments: [i64; 4]) -> i64 {
    let [a, b, c, d] = arguments;
    let result;
    unsafe {
        asm!(
            "syscall",
            inlateout("rax") number => result,
            in("rdi") a, in("rsi") b, in("rdx") c, in("r10") d, in("r8") 0, in("r9") 8,
            lateout("rcx") _, lateout("r11") _,
        );
    }
    result
}

fn place<T>(of: &T) -> i64 {
    std::ptr::from_ref(of) as i64
}

fn sleep(time: Duration) -> i64 {
    unsafe { call(libc::SYS_nanosleep, [place(&timespec(time)), 0, 0, 0]) }
}

/// Whether the kernel has what these tests are about: Linux 5.11 does.
fn is_there() -> bool {
    const PR_SET_SYSCALL_USER_DISPATCH: i32 = 59;
    let is_there = thread::spawn(|| unsafe { libc::prctl(PR_SET_SYSCALL_USER_DISPATCH, 0, 0, 0, 0) == 0 });
    let is_there = is_there.join().unwrap();
    if !is_there {
        eprintln!("skipped: this kernel does not hand system calls over");
    }
    is_there
}

#[async_test(blocking = "allow")]
async fn a_sleep_that_is_none_of_libc_s_takes_virtual_time() {
    if is_there() {
        assert_eq!(time_of(|| sleep(90.secs())), (90.secs(), 0));
        let spent = thread::spawn(|| time_of(|| sleep(90.secs())));
        assert_eq!(spent.join().unwrap(), (90.secs(), 0));
    }
}

#[async_test(blocking = "allow")]
async fn a_thread_that_waits_in_its_own_call_is_at_rest() {
    if !is_there() {
        return;
    }
    let (reader, mut writer) = pipe().unwrap();
    let waiting = thread::spawn(move || {
        let mut asked = libc::pollfd { fd: reader.as_raw_fd(), events: libc::POLLIN, revents: 0 };
        time_of(|| unsafe { call(libc::SYS_poll, [&raw mut asked as i64, 1, -1, 0]) })
    });
    thread::sleep(3.secs());
    writer.write_all(b"hello").unwrap();
    assert_eq!(waiting.join().unwrap(), (3.secs(), 1));
}

#[async_test(blocking = "allow")]
async fn threads_wait_for_each_other_by_calls_of_their_own() {
    static WORD: AtomicU32 = AtomicU32::new(0);
    if !is_there() {
        return;
    }
    let waiting = thread::spawn(|| {
        let wait = || unsafe { call(libc::SYS_futex, [place(&WORD), libc::FUTEX_WAIT.into(), 0, 0]) };
        // As any wait on a word, it may be over for nothing.
        time_of(|| while WORD.load(Ordering::SeqCst) == 0 && wait() == 0 {})
    });
    thread::sleep(3.secs());
    WORD.store(1, Ordering::SeqCst);
    // Whom it woke the call does not know if it had to leave that to another thread.
    assert!(unsafe { call(libc::SYS_futex, [place(&WORD), libc::FUTEX_WAKE.into(), 1, 0]) } <= 1);
    assert_eq!(waiting.join().unwrap().0, 3.secs());
}

#[async_test(blocking = "allow")]
async fn what_goes_wrong_is_told_as_the_kernel_tells_it_and_errno_stays() {
    unsafe {
        *libc::__errno_location() = 77;
        assert_eq!(call(libc::SYS_close, [-1, 0, 0, 0]), i64::from(-libc::EBADF));
        assert_eq!(call(libc::SYS_clock_nanosleep, [77, 0, place(&timespec(1.secs())), 0]), i64::from(-libc::EINVAL));
        assert_eq!(call(libc::SYS_lseek, [-1, 0, 0, 0]), i64::from(-libc::EBADF));
        assert_eq!(call(libc::SYS_getpid, [0; 4]), i64::from(std::process::id()));
        assert_eq!(*libc::__errno_location(), 77);
    }
}

#[async_test(blocking = "allow")]
async fn a_thread_that_lets_all_signals_wait_goes_on() {
    unsafe {
        let mut all: libc::sigset_t = std::mem::zeroed();
        libc::sigfillset(&raw mut all);
        assert_eq!(libc::pthread_sigmask(libc::SIG_SETMASK, &raw const all, std::ptr::null_mut()), 0);
        assert_eq!(sleep(1.millis()), 0);
        assert_eq!(libc::sigprocmask(libc::SIG_BLOCK, &raw const all, std::ptr::null_mut()), 0);
        assert_eq!(sleep(1.millis()), 0);
        assert_eq!(libc::pthread_sigmask(libc::SIG_UNBLOCK, &raw const all, std::ptr::null_mut()), 0);
    }
}

#[async_test(blocking = "allow")]
async fn what_a_call_of_its_own_says_of_signals_lasts() {
    if !is_there() {
        return;
    }
    let changed = |how: i32, set: u64| {
        let changed = unsafe { call(libc::SYS_rt_sigprocmask, [how.into(), place(&set), 0, 0]) };
        assert_eq!(changed, -i64::from(libc::EINVAL));
        let mut args = [how.into(), place(&set), 0, 8];
        std::hint::black_box(&mut args);
        assert_eq!(unsafe { call(libc::SYS_rt_sigprocmask, args) }, 0);
    };
    let is_blocked = |signal| unsafe {
        let mut mask = std::mem::zeroed();
        libc::pthread_sigmask(libc::SIG_BLOCK, std::ptr::null(), &raw mut mask);
        libc::sigismember(&raw const mask, signal) == 1
    };
    changed(libc::SIG_BLOCK, u64::MAX);
    assert!(is_blocked(libc::SIGUSR1));
    assert!(!is_blocked(libc::SIGSYS));
    assert_eq!(time_of(|| sleep(1.secs())), (1.secs(), 0));
    changed(libc::SIG_UNBLOCK, u64::MAX);
    assert!(!is_blocked(libc::SIGUSR1));

    let mut stack = vec![0_u8; 1 << 16];
    let own = libc::stack_t { ss_sp: stack.as_mut_ptr().cast(), ss_flags: 0, ss_size: stack.len() };
    let mut before: libc::stack_t = unsafe { std::mem::zeroed() };
    unsafe {
        assert_eq!(call(libc::SYS_sigaltstack, [place(&own), &raw mut before as i64, 0, 0]), 0);
        let mut now: libc::stack_t = std::mem::zeroed();
        libc::sigaltstack(std::ptr::null(), &raw mut now);
        assert_eq!(now.ss_sp, own.ss_sp);
        libc::sigaltstack(&raw const before, std::ptr::null_mut());
    }
}

/// Ends, in the child, with 7.
fn in_child(fork: impl FnOnce() -> i64) {
    in_child_that(fork, || {});
}

/// As [`in_child`], once it has done something.
fn in_child_that(fork: impl FnOnce() -> i64, run: impl FnOnce()) {
    unsafe {
        let child = fork();
        if child == 0 {
            run();
            call(libc::SYS_exit_group, [7, 0, 0, 0]);
        }
        let mut status = 0;
        assert_eq!(i64::from(libc::waitpid(i32::try_from(child).unwrap(), &raw mut status, 0)), child);
        assert_eq!((libc::WIFEXITED(status), libc::WEXITSTATUS(status)), (true, 7));
    }
}

#[async_test(blocking = "allow")]
async fn a_process_can_be_forked_past_libc() {
    in_child(|| unsafe { call(libc::SYS_fork, [0; 4]) });
    in_child(|| unsafe { call(libc::SYS_clone, [libc::SIGCHLD.into(), 0, 0, 0]) });
    in_child(clone3);
}

#[async_test(blocking = "allow")]
async fn a_child_that_is_forked_past_libc_is_in_real_time() {
    let (over, is_over) = channel::<()>();
    let (begin, begun) = channel();
    thread::scope(|scope| {
        scope.spawn(move || {
            begin.send(()).unwrap();
            while is_over.try_recv() == Err(TryRecvError::Empty) {}
        });
        begun.recv().unwrap();
        // What is not real would wait for the thread that stayed behind.
        let naps = || {
            unsafe { libc::alarm(10) };
            thread::sleep(Duration::from_millis(2));
        };
        in_child_that(|| unsafe { call(libc::SYS_clone, [libc::SIGCHLD.into(), 0, 0, 0]) }, naps);
        in_child_that(clone3, naps);
        in_child_that(|| unsafe { libc::syscall(libc::SYS_clone, libc::SIGCHLD, 0, 0, 0, 0) }, naps);
        drop(over);
    });
}

/// A plain fork.
fn clone3() -> i64 {
    let plain = libc::clone_args { exit_signal: libc::SIGCHLD as u64, ..unsafe { std::mem::zeroed() } };
    let size = size_of_val(&plain).try_into().unwrap();
    unsafe { call(libc::SYS_clone3, [place(&plain), size, 0, 0]) }
}

#[async_test(blocking = "allow")]
async fn a_thread_that_has_forked_past_libc_still_sleeps_in_virtual_time() {
    if !is_there() {
        return;
    }
    in_child(|| unsafe { call(libc::SYS_clone, [libc::SIGCHLD.into(), 0, 0, 0]) });
    assert_eq!(time_of(|| sleep(90.secs())), (90.secs(), 0));
    in_child(clone3);
    assert_eq!(time_of(|| sleep(90.secs())), (90.secs(), 0));
}

#[async_test(blocking = "allow")]
async fn the_signal_itself_still_ends_a_process_that_does_not_handle_it() {
    unsafe {
        let child = libc::fork();
        if child == 0 {
            libc::raise(libc::SIGSYS);
            libc::_exit(0);
        }
        let mut status = 0;
        assert_eq!(libc::waitpid(child, &raw mut status, 0), child);
        assert_eq!((libc::WIFSIGNALED(status), libc::WTERMSIG(status)), (true, libc::SIGSYS));
    }
}

#[test]
fn a_thread_is_left_alone_once_its_bubble_is_over() {
    standstill::run(async || assert_eq!(allow_blocking("a call of its own", || sleep(1.secs())), 0));
    unsafe {
        let mut all: libc::sigset_t = std::mem::zeroed();
        libc::sigfillset(&raw mut all);
        assert_eq!(libc::pthread_sigmask(libc::SIG_SETMASK, &raw const all, std::ptr::null_mut()), 0);
    }
    assert_eq!(sleep(Duration::from_nanos(1)), 0);
}

#[test]
fn a_blocking_call_of_its_own_is_found() {
    if !is_there() {
        return;
    }
    let found = std::panic::catch_unwind(|| standstill::run(async || assert_eq!(sleep(5.secs()), 0)));
    let found = *found.unwrap_err().downcast::<String>().unwrap();
    assert_eq!(found, "standstill: the body blocks its thread at 0.000 s: nanosleep (5s)");
}

#[test]
fn valgrind_which_makes_a_program_s_calls_itself_runs_a_test_to_its_end() {
    let test = "channels::a_crossbeam_receiver_waits_as_long_as_it_says";
    let mut command = Command::new("valgrind");
    command.args(["--quiet", "--tool=none"]).arg(std::env::current_exe().unwrap()).args([test, "--exact"]);

    match command.output() {
        Ok(output) => assert!(output.status.success(), "{output:?}"),
        Err(_) => eprintln!("skipped: there is no valgrind here"),
    }
}
