//! Outside a bubble nothing changes.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::process::Command;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Barrier, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use crate::time_of;

const SHORT: Duration = Duration::from_millis(5);

#[test]
fn sleeps_and_waits_are_real() {
    let (_sender, receiver) = channel::<()>();
    assert_eq!(receiver.recv_timeout(SHORT), Err(RecvTimeoutError::Timeout));
    let (mutex, condvar) = (Mutex::new(()), Condvar::new());
    let began = SystemTime::now();
    let spent = [
        time_of(|| thread::sleep(SHORT)).0,
        time_of(|| receiver.recv_timeout(SHORT).unwrap_err()).0,
        time_of(|| condvar.wait_timeout_while(mutex.lock().unwrap(), SHORT, |()| true).is_ok()).0,
        time_of(|| unsafe { libc::poll(std::ptr::null_mut(), 0, 5) }).0,
        time_of(|| unsafe { libc::usleep(5000) }).0,
    ];
    assert!(spent.iter().all(|spent| *spent >= SHORT), "{spent:?}");
    assert!(began.elapsed().unwrap() >= 5 * SHORT);
}

#[test]
fn sockets_and_threads_work_as_ever() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let barrier = Barrier::new(2);
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut stream = TcpStream::connect(address).unwrap();
            barrier.wait();
            stream.write_all(&vec![7; 1_000_000]).unwrap();
        });
        let (mut stream, _) = listener.accept().unwrap();
        barrier.wait();
        let mut read = Vec::new();
        assert_eq!(stream.read_to_end(&mut read).unwrap(), 1_000_000);
    });
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.set_read_timeout(Some(SHORT)).unwrap();
    assert_eq!(socket.recv(&mut [0]).unwrap_err().kind(), ErrorKind::WouldBlock);
}

#[test]
fn commands_have_their_own_output_and_exit_code() {
    let output = Command::new("sh").args(["-c", "echo hi; exit 9"]).output().unwrap();
    assert_eq!((&*output.stdout, output.status.code()), (&b"hi\n"[..], Some(9)));
}

#[test]
fn the_thread_that_ran_a_bubble_is_in_real_time_again() {
    standstill::run(async || tokio::time::sleep(Duration::from_hours(1)).await);
    let began = Instant::now();
    thread::sleep(SHORT);
    assert!(began.elapsed() >= SHORT);
    assert!(began.elapsed() < Duration::from_hours(1));
}
