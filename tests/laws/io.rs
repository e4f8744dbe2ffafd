//! Calls that wait in the system's own way, and must not: nobody would know how long.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::thread;
use std::time::{Duration, Instant};

use standstill::{assert_elapsed, async_test, prelude::*};

#[async_test(blocking = "allow", wall_timeout = "20s")]
async fn a_write_that_does_not_fit_into_a_pipe_waits_for_a_reader_who_sleeps() {
    let (mut reader, mut writer) = io::pipe().unwrap();
    let writes = thread::spawn(move || {
        writer.write_all(&vec![7; 200_000]).unwrap();
        Instant::now()
    });
    let start = Instant::now();
    thread::sleep(1.secs());
    let mut all = Vec::new();
    reader.read_to_end(&mut all).unwrap();
    assert_eq!(all, vec![7; 200_000]);
    assert_eq!(writes.join().unwrap() - start, 1.secs());
}

#[async_test(blocking = "allow", wall_timeout = "20s")]
async fn a_write_that_does_not_fit_into_a_socket_waits_for_a_reader_who_sleeps() {
    let (mut reader, mut writer) = UnixStream::pair().unwrap();
    let writes = thread::spawn(move || writer.write_all(&vec![7; 2_000_000]).unwrap());
    thread::sleep(1.secs());
    let mut all = Vec::new();
    reader.read_to_end(&mut all).unwrap();
    assert_eq!(all.len(), 2_000_000);
    writes.join().unwrap();
    assert_elapsed!(1.secs());
}

#[async_test(blocking = "allow", wall_timeout = "20s")]
async fn of_several_threads_that_accept_one_takes_each_connection_and_the_others_wait() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let servers = [(); 4].map(|()| {
        let listener = listener.try_clone().unwrap();
        thread::spawn(move || (0..10).for_each(|_| drop(listener.accept().unwrap())))
    });
    for _ in 0..40 {
        TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        thread::sleep(1.secs());
    }
    for server in servers {
        server.join().unwrap();
    }
    assert_elapsed!(40.secs());
}

#[async_test(blocking = "allow")]
async fn a_socket_s_read_timeout_is_exact_whatever_the_system_s_ticks() {
    let (mut reader, _writer) = UnixStream::pair().unwrap();
    for limit in [1.millis(), 5.millis(), 33.millis(), Duration::from_micros(1500), 2.hours()] {
        reader.set_read_timeout(Some(limit)).unwrap();
        let start = Instant::now();
        assert_eq!(reader.read(&mut [0]).unwrap_err().kind(), ErrorKind::WouldBlock);
        assert_eq!(start.elapsed(), limit);
    }
}
