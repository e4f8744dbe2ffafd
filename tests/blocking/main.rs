//! Blocking calls inside a poll are found by what they are.
#![cfg(all(feature = "os", target_os = "linux", target_env = "gnu"))]
#![allow(unsafe_code, reason = "some of these tests are a C program's calls")]

mod alone;
mod c_files;
mod c_locks;
mod channels;
mod counterpart;
mod crossbeam;
mod detector;
mod dns;
mod files;
mod flavors;
mod folders;
mod found;
mod joins;
mod parking_lot;
mod pipes;
mod processes;
mod scratch;
mod sleeps;
mod sockets;
mod std_locks;
mod stdin;
mod unchanged;
mod unix_sockets;

mod baseline;
mod quiet;
mod scopes;

mod cpu;
mod detector_cpu;

use std::thread;
use std::time::Duration;

use standstill::blocking::{Category, Detector};
use standstill::{Builder, Kind};

#[test]
fn a_sleep_inside_a_poll_is_found() {
    let failure = Builder::new().try_run(async || thread::sleep(Duration::from_secs(5))).unwrap_err();

    assert_eq!(failure.kind(), Kind::Blocking);
    assert!(
        failure.to_string().starts_with("standstill: the body blocks its thread at 0.000 s: std::thread::sleep (5s)\n")
    );
}

#[tokio::test]
async fn a_detector_finds_it_under_tokio_s_own_attribute() {
    let detector = Detector::new().watch();
    thread::sleep(Duration::from_millis(1));

    let findings = detector.findings();

    assert_eq!(findings.len(), 1);
    assert_eq!((findings[0].category(), findings[0].call()), (Category::Sleeps, "std::thread::sleep"));
    assert!(findings[0].place().unwrap().starts_with("tests/blocking/main.rs:"));
}
