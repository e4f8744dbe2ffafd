//! Descriptors that stand for the same open file.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::os::fd::{AsFd as _, AsRawFd as _, FromRawFd as _, OwnedFd};
use std::thread;

use standstill::blocking::Policy;
use standstill::clock::{self, Holder};
use standstill::prelude::*;
use standstill::{Builder, Level, assert_elapsed};

/// A server that answers each byte through a clone of the socket by which it came.
fn echo(clone: fn(&TcpStream) -> TcpStream) -> TcpStream {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        let (mut reader, _) = listener.accept().unwrap();
        let mut writer = clone(&reader);
        let mut byte = [0];
        while reader.read(&mut byte).unwrap() > 0 {
            writer.write_all(&byte).unwrap();
        }
    });
    TcpStream::connect(address).unwrap()
}

fn asks_and_sleeps(clone: fn(&TcpStream) -> TcpStream) {
    let mut client = echo(clone);
    for second in 1..=10_u64 {
        client.write_all(b"x").unwrap();
        client.read_exact(&mut [0]).unwrap();
        // The server's thread may run still.
        assert!(!clock::held_by().iter().any(|holder| matches!(holder, Holder::Socket { .. })));
        thread::sleep(1.secs());
        assert_elapsed!(second.secs());
    }
}

#[async_test(blocking = "allow")]
async fn a_clone_of_an_accepted_socket_holds_no_clock() {
    asks_and_sleeps(|socket| socket.try_clone().unwrap());
}

#[async_test(blocking = "allow")]
async fn nor_does_one_that_dup_made() {
    asks_and_sleeps(|socket| unsafe { TcpStream::from_raw_fd(libc::dup(socket.as_raw_fd())) });
}

#[async_test(blocking = "allow")]
async fn nor_does_one_that_took_another_s_number() {
    asks_and_sleeps(|socket| {
        let number = OwnedFd::from(File::open("/dev/null").unwrap());
        assert_eq!(unsafe { libc::dup2(socket.as_raw_fd(), number.as_raw_fd()) }, number.as_raw_fd());
        number.into()
    });
}

#[async_test(blocking = "allow")]
async fn nor_does_the_last_one_left_of_several() {
    asks_and_sleeps(|socket| {
        let clones = [(); 3].map(|()| socket.try_clone().unwrap());
        clones.into_iter().reduce(|_, last| last.try_clone().unwrap()).unwrap()
    });
}

#[async_test(blocking = "allow")]
async fn what_a_clone_asked_the_first_one_may_hear() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut reader = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let mut writer = reader.try_clone().unwrap();
    let (mut server, _) = listener.accept().unwrap();
    writer.write_all(b"x").unwrap();
    server.read_exact(&mut [0]).unwrap();
    server.write_all(b"y").unwrap();
    reader.read_exact(&mut [0]).unwrap();
    drop(writer);
    assert_eq!(clock::held_by(), []);
    reader.write_all(b"x").unwrap();
    assert_eq!(clock::held_by(), []);
}

#[async_test(blocking = "allow")]
async fn a_datagram_socket_keeps_its_port_for_its_clone() {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = socket.local_addr().unwrap();
    let clone = socket.try_clone().unwrap();
    drop(socket);
    let sender = UdpSocket::bind("127.0.0.1:0").unwrap();
    sender.send_to(b"x", address).unwrap();
    assert_eq!(clock::held_by(), []);
    assert_eq!(clone.recv(&mut [0]).unwrap(), 1);
}

#[async_test(blocking = "allow")]
async fn a_port_of_another_family_is_not_lost_with_its_namesake() {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = socket.local_addr().unwrap();
    // Where it is taken, or there is no such family, there is nothing to lose.
    drop(UdpSocket::bind(("::1", address.port())));
    let sender = UdpSocket::bind("127.0.0.1:0").unwrap();
    sender.send_to(b"x", address).unwrap();
    assert_eq!(clock::held_by(), []);
    assert_eq!(socket.recv(&mut [0]).unwrap(), 1);
}

#[test]
fn what_a_clone_asked_of_a_stranger_the_first_one_may_hear() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let stranger = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        stream.read_exact(&mut [0]).unwrap();
        stream.write_all(b"y").unwrap();
    });
    Builder::new().blocking(Policy::all(Level::Allow)).run(async || {
        let mut reader = TcpStream::connect(address).unwrap();
        let mut writer = reader.try_clone().unwrap();
        writer.write_all(b"x").unwrap();
        assert!(matches!(clock::held_by()[..], [Holder::Socket { .. }]));
        reader.read_exact(&mut [0]).unwrap();
        assert_eq!(clock::held_by(), []);
    });
    stranger.join().unwrap();
}

#[async_test(blocking = "allow")]
async fn a_clone_of_a_file_reads_on() {
    let path = concat!(env!("CARGO_TARGET_TMPDIR"), "/read by two");
    std::fs::write(path, b"thisthat").unwrap();
    let mut file = File::open(path).unwrap();
    let mut clone = File::from(file.as_fd().try_clone_to_owned().unwrap());
    let (mut first, mut second) = ([0; 4], [0; 4]);
    file.read_exact(&mut first).unwrap();
    clone.read_exact(&mut second).unwrap();
    assert_eq!([first, second].concat(), b"thisthat");
}
