//! Sockets of this machine only.

use std::io::{Read as _, Write as _};
use std::os::unix::net::{UnixDatagram, UnixListener, UnixStream};

use standstill::blocking::Category::Sockets;

use crate::counterpart::in_a_second;
use crate::found::{at, one};
use crate::scratch::Scratch;

#[test]
fn unix_stream_connect() {
    let scratch = Scratch::new("unix_stream_connect");
    let _listener = UnixListener::bind(scratch.path("socket")).unwrap();
    let path = scratch.path("socket");
    one(Sockets, "std::os::unix::net::UnixStream::connect", async || at!(UnixStream::connect(&path).unwrap()));
}

#[test]
fn unix_stream_read() {
    one(Sockets, "std::os::unix::net::UnixStream::read", async || {
        let (mut stream, mut other) = UnixStream::pair().unwrap();
        in_a_second(move || other.write_all(b"word").unwrap());
        at!(stream.read(&mut [0; 4]).unwrap())
    });
}

#[test]
fn unix_stream_write() {
    one(Sockets, "std::os::unix::net::UnixStream::write", async || {
        let (mut stream, _other) = UnixStream::pair().unwrap();
        at!(stream.write(b"word").unwrap())
    });
}

#[test]
fn unix_listener_accept() {
    let scratch = Scratch::new("unix_listener_accept");
    let path = scratch.path("socket");
    one(Sockets, "std::os::unix::net::UnixListener::accept", async || {
        let listener = UnixListener::bind(&path).unwrap();
        in_a_second(move || UnixStream::connect(path).unwrap());
        at!(listener.accept().unwrap())
    });
}

#[test]
fn unix_listener_incoming() {
    let scratch = Scratch::new("unix_listener_incoming");
    let path = scratch.path("socket");
    one(Sockets, "std::os::unix::net::Incoming::next", async || {
        let listener = UnixListener::bind(&path).unwrap();
        in_a_second(move || UnixStream::connect(path).unwrap());
        at!(listener.incoming().next().unwrap().unwrap())
    });
}

#[test]
fn unix_datagram_send() {
    one(Sockets, "std::os::unix::net::UnixDatagram::send", async || {
        let (socket, _other) = UnixDatagram::pair().unwrap();
        at!(socket.send(b"word").unwrap())
    });
}

#[test]
fn unix_datagram_send_to() {
    let scratch = Scratch::new("unix_datagram_send_to");
    let path = scratch.path("socket");
    let _other = UnixDatagram::bind(&path).unwrap();
    one(Sockets, "std::os::unix::net::UnixDatagram::send_to", async || {
        let socket = UnixDatagram::unbound().unwrap();
        at!(socket.send_to(b"word", &path).unwrap())
    });
}

#[test]
fn unix_datagram_recv() {
    one(Sockets, "std::os::unix::net::UnixDatagram::recv", async || {
        let (socket, other) = UnixDatagram::pair().unwrap();
        in_a_second(move || other.send(b"word").unwrap());
        at!(socket.recv(&mut [0; 4]).unwrap())
    });
}

#[test]
fn unix_datagram_recv_from() {
    one(Sockets, "std::os::unix::net::UnixDatagram::recv_from", async || {
        let (socket, other) = UnixDatagram::pair().unwrap();
        in_a_second(move || other.send(b"word").unwrap());
        at!(socket.recv_from(&mut [0; 4]).unwrap())
    });
}
