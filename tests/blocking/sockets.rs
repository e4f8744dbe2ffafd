//! Sockets of the internet that are not non-blocking.

use std::io::{self, BufRead as _, BufReader, IoSlice, IoSliceMut, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::os::fd::AsRawFd as _;
use std::time::Duration;

use standstill::blocking::Category::Sockets;

use crate::counterpart::{aside, in_a_second};
use crate::found::{at, one, times};

fn listener() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

async fn pair() -> (TcpStream, TcpStream) {
    let connect = || {
        let (listener, address) = listener();
        let client = TcpStream::connect(address).unwrap();
        (client, listener.accept().unwrap().0)
    };
    aside(connect).await
}

/// A stream at which words arrive and which then ends.
async fn told() -> TcpStream {
    let (client, mut server) = pair().await;
    in_a_second(move || server.write_all(b"word\nword\n").unwrap());
    client
}

fn udp_pair() -> (UdpSocket, UdpSocket) {
    let (one, other) = (UdpSocket::bind("127.0.0.1:0").unwrap(), UdpSocket::bind("127.0.0.1:0").unwrap());
    one.connect(other.local_addr().unwrap()).unwrap();
    other.connect(one.local_addr().unwrap()).unwrap();
    (one, other)
}

/// A socket at which a datagram arrives.
fn told_udp() -> UdpSocket {
    let (one, other) = udp_pair();
    in_a_second(move || other.send(b"word").unwrap());
    one
}

#[test]
fn tcp_stream_connect() {
    let (_listener, address) = listener();
    one(Sockets, "std::net::TcpStream::connect", async || at!(TcpStream::connect(address).unwrap()));
}

#[test]
fn tcp_stream_connect_refused() {
    let (listener, address) = listener();
    drop(listener);
    one(Sockets, "std::net::TcpStream::connect", async || at!(TcpStream::connect(address).unwrap_err()));
}

#[test]
fn tcp_stream_connect_timeout() {
    let (_listener, address) = listener();
    one(Sockets, "std::net::TcpStream::connect_timeout", async || {
        at!(TcpStream::connect_timeout(&address, Duration::from_secs(1)).unwrap())
    });
}

#[test]
fn tcp_stream_read() {
    one(Sockets, "std::net::TcpStream::read", async || {
        let mut stream = told().await;
        at!(stream.read(&mut [0; 4]).unwrap())
    });
}

#[test]
fn tcp_stream_read_by_reference() {
    one(Sockets, "std::net::TcpStream::read", async || {
        let stream = told().await;
        at!((&stream).read(&mut [0; 4]).unwrap())
    });
}

#[test]
fn tcp_stream_read_until_a_timeout() {
    one(Sockets, "std::net::TcpStream::read", async || {
        let (mut stream, _server) = pair().await;
        stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        at!(stream.read(&mut [0; 4]).unwrap_err())
    });
}

#[test]
fn tcp_stream_read_exact() {
    one(Sockets, "std::io::Read::read_exact", async || {
        let mut stream = told().await;
        at!(stream.read_exact(&mut [0; 10]).unwrap());
    });
}

#[test]
fn tcp_stream_read_to_end() {
    one(Sockets, "std::io::Read::read_to_end", async || {
        let mut stream = told().await;
        at!(stream.read_to_end(&mut Vec::new()).unwrap())
    });
}

#[test]
fn tcp_stream_read_to_string() {
    one(Sockets, "std::io::Read::read_to_string", async || {
        let mut stream = told().await;
        at!(stream.read_to_string(&mut String::new()).unwrap())
    });
}

#[test]
fn tcp_stream_read_vectored() {
    one(Sockets, "std::net::TcpStream::read_vectored", async || {
        let mut stream = told().await;
        at!(stream.read_vectored(&mut [IoSliceMut::new(&mut [0; 4])]).unwrap())
    });
}

#[test]
fn tcp_stream_peek() {
    one(Sockets, "std::net::TcpStream::peek", async || {
        let stream = told().await;
        at!(stream.peek(&mut [0; 4]).unwrap())
    });
}

#[test]
fn tcp_stream_write() {
    one(Sockets, "std::net::TcpStream::write", async || {
        let (mut stream, _server) = pair().await;
        at!(stream.write(b"word").unwrap())
    });
}

#[test]
fn tcp_stream_write_all() {
    one(Sockets, "std::io::Write::write_all", async || {
        let (mut stream, _server) = pair().await;
        at!(stream.write_all(b"word").unwrap());
    });
}

#[test]
fn tcp_stream_write_fmt() {
    one(Sockets, "std::io::Write::write_fmt", async || {
        let (mut stream, _server) = pair().await;
        at!(write!(stream, "word").unwrap());
    });
}

#[test]
fn tcp_stream_write_vectored() {
    one(Sockets, "std::net::TcpStream::write_vectored", async || {
        let (mut stream, _server) = pair().await;
        at!(stream.write_vectored(&[IoSlice::new(b"word")]).unwrap())
    });
}

#[test]
fn tcp_listener_accept() {
    one(Sockets, "std::net::TcpListener::accept", async || {
        let (listener, address) = listener();
        in_a_second(move || TcpStream::connect(address).unwrap());
        at!(listener.accept().unwrap())
    });
}

#[test]
fn tcp_listener_incoming() {
    one(Sockets, "std::net::Incoming::next", async || {
        let (listener, address) = listener();
        in_a_second(move || TcpStream::connect(address).unwrap());
        at!(listener.incoming().next().unwrap().unwrap())
    });
}

#[test]
fn buf_reader_read_line_of_a_socket() {
    one(Sockets, "std::io::BufRead::read_line", async || {
        let mut stream = BufReader::new(told().await);
        at!(stream.read_line(&mut String::new()).unwrap())
    });
}

#[test]
fn io_copy_from_a_socket() {
    times(2, Sockets, "std::io::copy", async || {
        let mut stream = told().await;
        at!(io::copy(&mut stream, &mut io::sink()).unwrap())
    });
}

#[test]
fn udp_socket_send_to() {
    one(Sockets, "std::net::UdpSocket::send_to", async || {
        let (one, other) = (UdpSocket::bind("127.0.0.1:0").unwrap(), UdpSocket::bind("127.0.0.1:0").unwrap());
        let address = other.local_addr().unwrap();
        at!(one.send_to(b"word", address).unwrap())
    });
}

#[test]
fn udp_socket_send() {
    one(Sockets, "std::net::UdpSocket::send", async || {
        let (one, _other) = udp_pair();
        at!(one.send(b"word").unwrap())
    });
}

#[test]
fn udp_socket_recv_from() {
    one(Sockets, "std::net::UdpSocket::recv_from", async || {
        let socket = told_udp();
        at!(socket.recv_from(&mut [0; 4]).unwrap())
    });
}

#[test]
fn udp_socket_recv() {
    one(Sockets, "std::net::UdpSocket::recv", async || {
        let socket = told_udp();
        at!(socket.recv(&mut [0; 4]).unwrap())
    });
}

#[test]
fn udp_socket_peek() {
    one(Sockets, "std::net::UdpSocket::peek", async || {
        let socket = told_udp();
        at!(socket.peek(&mut [0; 4]).unwrap())
    });
}

#[test]
fn udp_socket_peek_from() {
    // There std's own frames are fewer, and the two end in one function.
    let call = if cfg!(target_arch = "aarch64") { "recv_from" } else { "peek_from" };
    one(Sockets, &format!("std::net::UdpSocket::{call}"), async || {
        let socket = told_udp();
        at!(socket.peek_from(&mut [0; 4]).unwrap())
    });
}

#[test]
fn libc_poll_of_a_socket() {
    one(Sockets, "poll", async || {
        let stream = told().await;
        let mut asked = libc::pollfd { fd: stream.as_raw_fd(), events: libc::POLLIN, revents: 0 };
        at!(unsafe { libc::poll(&raw mut asked, 1, -1) })
    });
}

#[test]
fn libc_ppoll_of_a_socket() {
    one(Sockets, "ppoll", async || {
        let stream = told().await;
        let mut asked = libc::pollfd { fd: stream.as_raw_fd(), events: libc::POLLIN, revents: 0 };
        at!(unsafe { libc::ppoll(&raw mut asked, 1, std::ptr::null(), std::ptr::null()) })
    });
}

#[test]
fn libc_select_of_a_socket() {
    one(Sockets, "select", async || {
        let stream = told().await;
        let mut asked = unsafe { std::mem::zeroed::<libc::fd_set>() };
        unsafe { libc::FD_SET(stream.as_raw_fd(), &raw mut asked) };
        let (set, none, most) = (&raw mut asked, std::ptr::null_mut(), stream.as_raw_fd() + 1);
        at!(unsafe { libc::select(most, set, none, none, std::ptr::null_mut()) })
    });
}

#[test]
fn libc_recv() {
    one(Sockets, "recv", async || {
        let stream = told().await;
        let mut bytes = [0_u8; 4];
        at!(unsafe { libc::recv(stream.as_raw_fd(), bytes.as_mut_ptr().cast(), 4, 0) })
    });
}

#[test]
fn libc_read_of_a_socket() {
    one(Sockets, "read", async || {
        let stream = told().await;
        let mut bytes = [0_u8; 4];
        at!(unsafe { libc::read(stream.as_raw_fd(), bytes.as_mut_ptr().cast(), 4) })
    });
}
