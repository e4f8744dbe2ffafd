//! A signal that comes while a thread waits.

use std::env;
use std::os::unix::process::CommandExt as _;
use std::os::unix::thread::JoinHandleExt as _;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicI64, AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use standstill::assert_elapsed;
use standstill::prelude::*;
use tokio::signal::unix::SignalKind;

use crate::c_time::timespec;
use crate::time_of;

static SEEN: AtomicU32 = AtomicU32::new(0);
static PIPE: AtomicI32 = AtomicI32::new(-1);

extern "C" fn handler(_: libc::c_int) {
    let mut time = timespec(Duration::ZERO);
    unsafe {
        assert_eq!(libc::clock_gettime(libc::CLOCK_MONOTONIC, &raw mut time), 0);
        assert_eq!(libc::clock_gettime(libc::CLOCK_REALTIME, &raw mut time), 0);
        libc::write(PIPE.load(Ordering::SeqCst), b"!".as_ptr().cast(), 1);
    }
    SEEN.fetch_add(1, Ordering::SeqCst);
}

fn install() {
    let mut fds = [0; 2];
    unsafe {
        assert_eq!(libc::pipe2(fds.as_mut_ptr(), libc::O_NONBLOCK | libc::O_CLOEXEC), 0);
        PIPE.store(fds[1], Ordering::SeqCst);
        let mut action = std::mem::zeroed::<libc::sigaction>();
        action.sa_sigaction = handler as *const () as usize;
        assert_eq!(libc::sigaction(libc::SIGUSR1, &raw const action, std::ptr::null_mut()), 0);
    }
}

/// How long a wait takes on a thread that gets a hundred signals meanwhile.
fn bombarded<T: Send + 'static>(wait: impl FnOnce() -> T + Send + 'static) -> (Duration, T) {
    install();
    let waiter = thread::spawn(|| {
        let waited = time_of(wait);
        thread::park();
        waited
    });
    for _ in 0..100 {
        let seen = SEEN.load(Ordering::SeqCst);
        assert_eq!(unsafe { libc::pthread_kill(waiter.as_pthread_t() as libc::pthread_t, libc::SIGUSR1) }, 0);
        while SEEN.load(Ordering::SeqCst) == seen {
            thread::yield_now();
        }
        thread::sleep(10.millis());
    }
    thread::sleep(1.hours());
    waiter.thread().unpark();
    waiter.join().unwrap()
}

#[async_test(blocking = "allow")]
async fn a_signal_does_not_cut_a_sleep_short() {
    assert_eq!(bombarded(|| thread::sleep(30.secs())).0, 30.secs());
}

#[async_test(blocking = "allow")]
async fn a_signal_does_not_cut_a_poll_short() {
    let polled = bombarded(|| unsafe { libc::poll(std::ptr::null_mut(), 0, 30_000) });
    assert_eq!(polled, (30.secs(), 0));
}

#[async_test(blocking = "allow")]
async fn a_signal_does_not_end_a_wait_for_a_message() {
    let (sender, receiver) = std::sync::mpsc::channel();
    let sending = thread::spawn(move || {
        thread::sleep(20.secs());
        sender.send(7).unwrap();
    });
    assert_eq!(bombarded(move || receiver.recv()), (20.secs(), Ok(7)));
    sending.join().unwrap();
}

#[async_test(blocking = "allow")]
async fn a_signal_does_not_disturb_a_thread_that_reads_clocks() {
    let (_, ticks) = bombarded(|| {
        (0..300)
            .map(|_| {
                thread::sleep(100.millis());
                let _ = (std::time::Instant::now(), std::time::SystemTime::now());
                1
            })
            .sum::<u32>()
    });
    assert_eq!(ticks, 300);
}

#[async_test(blocking = "allow")]
async fn a_signal_does_not_disturb_a_thread_in_the_middle_of_a_hook() {
    install();
    let stop = Arc::new(AtomicBool::new(false));
    let busy = thread::spawn({
        let stop = Arc::clone(&stop);
        move || {
            while !stop.load(Ordering::SeqCst) {
                let _ = (SystemTime::now(), Instant::now());
            }
        }
    });
    for _ in 0..100 {
        let seen = SEEN.load(Ordering::SeqCst);
        assert_eq!(unsafe { libc::pthread_kill(busy.as_pthread_t() as libc::pthread_t, libc::SIGUSR1) }, 0);
        while SEEN.load(Ordering::SeqCst) == seen {
            thread::yield_now();
        }
    }
    stop.store(true, Ordering::SeqCst);
    busy.join().unwrap();
}

#[async_test]
async fn a_signal_to_the_process_itself_is_handled_before_the_clock_moves() {
    let mut signals = tokio::signal::unix::signal(SignalKind::user_defined2()).unwrap();
    for second in 1..=20_u64 {
        tokio::spawn(async {
            tokio::time::sleep(1.secs()).await;
            assert_eq!(unsafe { libc::kill(libc::getpid(), libc::SIGUSR2) }, 0);
        });
        tokio::time::timeout(1.mins(), signals.recv()).await.unwrap();
        assert_elapsed!(second.secs());
    }
}

#[async_test(blocking = "allow")]
async fn the_handler_of_such_a_signal_has_the_test_s_clock() {
    static TOLD: AtomicI64 = AtomicI64::new(0);

    extern "C" fn note(_: libc::c_int) {
        let mut time = timespec(Duration::ZERO);
        unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &raw mut time) };
        TOLD.store(time.tv_sec, Ordering::SeqCst);
    }

    thread::sleep(365.days());
    unsafe {
        libc::signal(libc::SIGPROF, note as *const () as usize);
        assert_eq!(libc::kill(libc::getpid(), libc::SIGPROF), 0);
        let mut time = timespec(Duration::ZERO);
        libc::clock_gettime(libc::CLOCK_MONOTONIC, &raw mut time);
        assert_eq!(TOLD.load(Ordering::SeqCst), time.tv_sec);
    }
}

#[async_test(blocking = "allow")]
async fn a_signal_that_the_thread_does_not_take_waits_as_ever() {
    unsafe {
        let mut set = std::mem::zeroed::<libc::sigset_t>();
        libc::sigaddset(&raw mut set, libc::SIGWINCH);
        libc::pthread_sigmask(libc::SIG_BLOCK, &raw const set, std::ptr::null_mut());
        assert_eq!(libc::kill(libc::getpid(), libc::SIGWINCH), 0);
        assert_eq!(libc::kill(libc::getpid(), 0), 0);
        assert_eq!(libc::kill(libc::getpid(), 1000), -1);
        assert_eq!(*libc::__errno_location(), libc::EINVAL);
    }
}

/// A set of one signal, which the calling thread and those that it starts let wait.
fn waiting(signal: i32) -> libc::sigset_t {
    unsafe {
        let mut set = std::mem::zeroed::<libc::sigset_t>();
        libc::sigaddset(&raw mut set, signal);
        assert_eq!(libc::pthread_sigmask(libc::SIG_BLOCK, &raw const set, std::ptr::null_mut()), 0);
        set
    }
}

fn timed_wait(set: &libc::sigset_t, most: Duration) -> (Duration, i32) {
    time_of(|| unsafe { libc::sigtimedwait(set, std::ptr::null_mut(), &timespec(most)) })
}

#[async_test(blocking = "allow")]
async fn a_wait_for_a_signal_that_does_not_come_takes_as_long_as_it_says() {
    let set = waiting(libc::SIGXCPU);
    assert_eq!(timed_wait(&set, Duration::new(30, 7)), (Duration::new(30, 7), -1));
    assert_eq!(std::io::Error::last_os_error().raw_os_error(), Some(libc::EAGAIN));
    assert_eq!(timed_wait(&set, Duration::ZERO), (Duration::ZERO, -1));
}

#[async_test(blocking = "allow")]
async fn a_thread_that_waits_for_a_signal_is_at_rest_until_it_comes() {
    type Wait = fn(&libc::sigset_t) -> i32;
    let ways: [Wait; 3] = [
        |set| unsafe {
            let mut signal = 0;
            assert_eq!(libc::sigwait(set, &raw mut signal), 0);
            signal
        },
        |set| unsafe { libc::sigwaitinfo(set, std::ptr::null_mut()) },
        |set| timed_wait(set, 1.hours()).1,
    ];
    let set = waiting(libc::SIGXFSZ);
    for way in ways {
        let waiter = thread::spawn(move || time_of(|| way(&set)));
        thread::sleep(5.secs());
        let thread = waiter.as_pthread_t() as libc::pthread_t;
        assert_eq!(unsafe { libc::pthread_kill(thread, libc::SIGXFSZ) }, 0);
        assert_eq!(waiter.join().unwrap(), (5.secs(), libc::SIGXFSZ));
    }
}

/// In a process all of whose threads let the signal wait, for any of them may be sent it.
#[test]
fn a_signal_that_another_process_sends_comes_before_the_clock_moves() {
    const IN_CHILD: &str = "STANDSTILL_SIGNALLED";

    if env::var_os(IN_CHILD).is_some() {
        return standstill::run(async || {
            let set = waiting(libc::SIGXFSZ);
            let waiter = thread::spawn(move || timed_wait(&set, 1.hours()));
            let sent = Command::new("sh").args(["-c", "kill -XFSZ $PPID"]).spawn().unwrap().wait().unwrap();
            assert!(sent.success());
            assert_eq!(waiter.join().unwrap(), (0.secs(), libc::SIGXFSZ));
        });
    }
    let mut process = Command::new(env::current_exe().unwrap());
    process.args(["--exact", "signals::a_signal_that_another_process_sends_comes_before_the_clock_moves"]);
    process.env(IN_CHILD, "").env("STANDSTILL_BLOCKING", "allow");
    unsafe {
        process.pre_exec(|| {
            waiting(libc::SIGXFSZ);
            Ok(())
        });
    }
    let output = process.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}
