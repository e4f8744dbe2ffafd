//! What runs before `main`, and after it.

use std::env;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use standstill::prelude::*;

use crate::time_of;

static WAS_EARLY: AtomicBool = AtomicBool::new(false);
const TELL: &str = "SEAM_TELLS_WHAT_HAPPENS_AT_ITS_END";

#[used]
#[unsafe(link_section = ".init_array")]
static EARLY: extern "C" fn() = early;

extern "C" fn early() {
    if works() {
        WAS_EARLY.store(true, Ordering::SeqCst);
    }
    unsafe { libc::atexit(late) };
}

extern "C" fn late() {
    if env::var_os(TELL).is_some() && works() {
        let text = "all worked after main\n";
        unsafe { libc::write(2, text.as_ptr().cast(), text.len()) };
    }
}

/// Goes through hooks of each kind, for real.
fn works() -> bool {
    static LOCK: Mutex<u32> = Mutex::new(0);

    let (spent, polled) = time_of(|| unsafe { libc::poll(std::ptr::null_mut(), 0, 2) });
    let sum = thread::spawn(|| {
        thread::sleep(Duration::from_millis(2));
        *LOCK.lock().unwrap() += 1;
        7
    });
    let (waited, got) = time_of(|| sum.join().unwrap());
    polled == 0 && got == 7 && spent >= Duration::from_millis(2) && waited < Duration::from_hours(1)
}

#[async_test(blocking = "allow")]
async fn a_constructor_s_calls_are_real_ones() {
    assert!(WAS_EARLY.load(Ordering::SeqCst));
    assert_eq!(time_of(|| thread::sleep(1.hours())).0, 1.hours());
}

#[test]
fn an_exit_handler_s_calls_are_real_ones() {
    let test = "lifetime::a_constructor_s_calls_are_real_ones";
    let output = Command::new(env::current_exe().unwrap()).args(["--exact", test]).env(TELL, "").output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(String::from_utf8(output.stderr).unwrap().ends_with("all worked after main\n"));
}

#[test]
fn a_program_that_exits_inside_a_bubble_exits_with_its_code() {
    if env::var_os(TELL).is_some() {
        standstill::run(async || {
            thread::spawn(|| thread::sleep(1.hours()));
            thread::sleep(1.secs());
            std::process::exit(23);
        });
    }
    let test = "lifetime::a_program_that_exits_inside_a_bubble_exits_with_its_code";
    let began = Instant::now();
    let output = Command::new(env::current_exe().unwrap()).args(["--exact", test]).env(TELL, "").output().unwrap();
    assert_eq!(output.status.code(), Some(23), "{output:?}");
    assert!(String::from_utf8(output.stderr).unwrap().ends_with("all worked after main\n"));
    assert!(began.elapsed() < 1.hours());
}
