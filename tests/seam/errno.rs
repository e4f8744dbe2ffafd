//! A hook leaves `errno` as the program's own last call left it.

use std::io::{Error, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::fd::AsRawFd as _;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Instant, SystemTime};

use standstill::prelude::*;

fn fail() {
    assert_eq!(unsafe { libc::close(-1) }, -1);
}

#[track_caller]
fn assert_kept(what: &str) {
    assert_eq!(Error::last_os_error().raw_os_error(), Some(libc::EBADF), "{what} changed errno");
}

#[async_test(blocking = "allow")]
async fn reading_a_clock_keeps_errno() {
    fail();
    let _ = (Instant::now(), SystemTime::now());
    assert_kept("a clock");
}

#[async_test(blocking = "allow")]
async fn sleeping_keeps_errno() {
    fail();
    thread::sleep(1.secs());
    assert_kept("a sleep");
}

#[async_test(blocking = "allow")]
async fn waking_keeps_errno_however_many_wake_at_once() {
    let mutex = Arc::new(Mutex::new(0));
    let threads: Vec<_> = (0..8)
        .map(|_| {
            let mutex = Arc::clone(&mutex);
            thread::spawn(move || {
                for _ in 0..200 {
                    let mut guard = mutex.lock().unwrap();
                    thread::yield_now();
                    *guard += 1;
                    fail();
                    drop(guard);
                    assert_kept("an unlock");
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
    assert_eq!(*mutex.lock().unwrap(), 1600);
}

#[async_test(blocking = "allow")]
async fn waiting_for_a_lock_keeps_errno_or_says_what_libc_says() {
    let mutex = Mutex::new(());
    let guard = mutex.lock().unwrap();
    thread::scope(|scope| {
        scope.spawn(|| {
            fail();
            let _guard = mutex.lock().unwrap();
            assert_kept("a lock");
        });
        thread::sleep(1.secs());
        drop(guard);
    });
}

#[async_test(blocking = "allow")]
async fn a_socket_s_bookkeeping_keeps_errno() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let fd = unsafe { libc::socket(libc::AF_INET, libc::SOCK_STREAM, 0) };
    let mut to = unsafe { std::mem::zeroed::<libc::sockaddr_in>() };
    (to.sin_family, to.sin_port, to.sin_addr.s_addr) =
        (libc::AF_INET.try_into().unwrap(), address.port().to_be(), u32::from_ne_bytes([127, 0, 0, 1]));
    let length = size_of_val(&to).try_into().unwrap();
    unsafe {
        fail();
        assert_eq!(libc::connect(fd, (&raw const to).cast(), length), 0);
        assert_kept("a connect");
        fail();
        assert_eq!(libc::send(fd, b"x".as_ptr().cast(), 1, 0), 1);
        assert_kept("a send");
        fail();
        let accepted = libc::accept(listener.as_raw_fd(), std::ptr::null_mut(), std::ptr::null_mut());
        assert_kept("an accept");
        let mut byte = 0_u8;
        fail();
        assert_eq!(libc::recv(accepted, (&raw mut byte).cast(), 1, 0), 1);
        assert_kept("a receive");
        fail();
        assert_eq!(libc::close(fd), 0);
        assert_kept("a close");
        libc::close(accepted);
    }
}

#[async_test(blocking = "allow")]
async fn a_call_that_waited_and_went_well_keeps_errno() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (reader, writer) = std::io::pipe().unwrap();
    let address = listener.local_addr().unwrap();
    let client = thread::spawn(move || {
        thread::sleep(1.secs());
        let mut stream = TcpStream::connect(address).unwrap();
        thread::sleep(1.secs());
        stream.write_all(b"x").unwrap();
        thread::sleep(1.secs());
        (&writer).write_all(b"x").unwrap();
    });
    let mut byte = [0_u8];
    fail();
    let accepted = unsafe { libc::accept(listener.as_raw_fd(), std::ptr::null_mut(), std::ptr::null_mut()) };
    assert_kept("an accept");
    assert_eq!(unsafe { libc::recv(accepted, byte.as_mut_ptr().cast(), 1, 0) }, 1);
    assert_kept("a receive");
    assert_eq!(unsafe { libc::read(reader.as_raw_fd(), byte.as_mut_ptr().cast(), 1) }, 1);
    assert_kept("a read");
    assert_elapsed!(3.secs());
    client.join().unwrap();
    unsafe { libc::close(accepted) };
}

#[async_test(blocking = "allow")]
async fn a_non_blocking_socket_says_that_it_would_block() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut stream = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    listener.set_nonblocking(true).unwrap();
    stream.set_nonblocking(true).unwrap();
    drop(listener.accept());
    let (_kept, _) = (listener.accept().unwrap_err(), Instant::now());
    assert_eq!(Error::last_os_error().raw_os_error(), Some(libc::EAGAIN));
    let _ = std::io::Read::read(&mut stream, &mut [0]);
}

#[async_test(blocking = "allow")]
async fn starting_a_thread_keeps_errno() {
    let warm = thread::spawn(|| {});
    warm.join().unwrap();
    fail();
    let thread = thread::Builder::new().spawn(|| {}).unwrap();
    assert_kept("a start");
    thread.join().unwrap();
}
