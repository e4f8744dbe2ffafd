//! Descriptors that do not wait.

use std::io::{ErrorKind, Read, Write, pipe};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::os::fd::AsRawFd;
use std::os::unix::net::{UnixDatagram, UnixListener, UnixStream};

use super::quiet;

/// Has a descriptor not wait.
fn nonblocking(fd: &impl AsRawFd) {
    // SAFETY: The calls take no pointers.
    let set = unsafe {
        let flags = libc::fcntl(fd.as_raw_fd(), libc::F_GETFL);
        libc::fcntl(fd.as_raw_fd(), libc::F_SETFL, flags | libc::O_NONBLOCK)
    };
    assert_eq!(set, 0);
}

fn streams() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let near = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    (near, listener.accept().unwrap().0)
}

#[test]
fn reading_a_nonblocking_tcp_stream() {
    let (mut near, _far) = streams();
    near.set_nonblocking(true).unwrap();

    let read = quiet(async || near.read(&mut [0]));

    assert_eq!(read.unwrap_err().kind(), ErrorKind::WouldBlock);
}

#[test]
fn writing_to_a_nonblocking_tcp_stream() {
    let (mut near, _far) = streams();
    near.set_nonblocking(true).unwrap();

    quiet(async || near.write_all(b"parcel").unwrap());
}

#[test]
fn accepting_on_a_nonblocking_tcp_listener() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();

    let accepted = quiet(async || listener.accept().map(drop));

    assert_eq!(accepted.unwrap_err().kind(), ErrorKind::WouldBlock);
}

#[test]
fn binding_and_listening() {
    quiet(async || {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap()
    });
}

#[test]
fn connecting_a_nonblocking_socket() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();

    quiet(async || {
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket.connect(address).await.unwrap();
    });
}

#[test]
fn connecting_a_udp_socket_which_only_notes_the_address() {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();

    quiet(async || socket.connect("127.0.0.1:9").unwrap());
}

#[test]
fn receiving_on_a_nonblocking_udp_socket() {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.set_nonblocking(true).unwrap();

    let received = quiet(async || socket.recv_from(&mut [0]).map(drop));

    assert_eq!(received.unwrap_err().kind(), ErrorKind::WouldBlock);
}

#[test]
fn receiving_with_dontwait_on_a_socket_that_would_wait() {
    let (near, _far) = streams();

    let received = quiet(async || {
        let mut byte = 0u8;
        // SAFETY: There is room for one byte.
        unsafe { libc::recv(near.as_raw_fd(), (&raw mut byte).cast(), 1, libc::MSG_DONTWAIT) }
    });

    assert_eq!(received, -1);
}

#[test]
fn sending_with_dontwait_on_a_socket_that_would_wait() {
    let (near, _far) = streams();

    let sent = quiet(async || {
        // SAFETY: There is one byte.
        unsafe { libc::send(near.as_raw_fd(), b"p".as_ptr().cast(), 1, libc::MSG_DONTWAIT) }
    });

    assert_eq!(sent, 1);
}

#[test]
fn reading_a_nonblocking_pipe() {
    let (mut reader, _writer) = pipe().unwrap();
    nonblocking(&reader);

    let read = quiet(async || reader.read(&mut [0]));

    assert_eq!(read.unwrap_err().kind(), ErrorKind::WouldBlock);
}

#[test]
fn writing_to_a_nonblocking_pipe() {
    let (_reader, mut writer) = pipe().unwrap();
    nonblocking(&writer);

    quiet(async || writer.write_all(b"parcel").unwrap());
}

#[test]
fn reading_and_writing_nonblocking_unix_streams() {
    let (mut near, mut far) = UnixStream::pair().unwrap();
    near.set_nonblocking(true).unwrap();
    far.set_nonblocking(true).unwrap();

    quiet(async || {
        near.write_all(b"parcel").unwrap();
        far.read_exact(&mut [0; 6]).unwrap();
    });
}

#[test]
fn accepting_on_a_nonblocking_unix_listener() {
    let path = super::Line::new("listener").unwrap();
    std::fs::remove_file(&path.0).unwrap();
    let listener = UnixListener::bind(&path.0).unwrap();
    listener.set_nonblocking(true).unwrap();

    let accepted = quiet(async || listener.accept().map(drop));

    assert_eq!(accepted.unwrap_err().kind(), ErrorKind::WouldBlock);
}

#[test]
fn receiving_on_a_nonblocking_unix_datagram_socket() {
    let (near, _far) = UnixDatagram::pair().unwrap();
    near.set_nonblocking(true).unwrap();

    let received = quiet(async || near.recv(&mut [0]));

    assert_eq!(received.unwrap_err().kind(), ErrorKind::WouldBlock);
}

#[test]
fn an_eventfd_which_no_one_reads() {
    quiet(async || {
        // SAFETY: The calls take no pointers but one to eight bytes.
        unsafe {
            let event = libc::eventfd(0, libc::EFD_NONBLOCK);
            assert_eq!(libc::write(event, (&raw const ONE).cast(), 8), 8);
            libc::close(event);
        }
    });
}

static ONE: u64 = 1;

#[test]
fn closing_sockets_and_shutting_them_down() {
    let (near, far) = streams();

    quiet(async move || {
        near.shutdown(std::net::Shutdown::Both).unwrap();
        drop((near, far));
    });
}

#[test]
fn duplicating_a_descriptor_and_asking_for_its_options() {
    let (near, _far) = streams();

    quiet(async || {
        let again = near.try_clone().unwrap();
        again.set_nodelay(true).unwrap();
        again.take_error().unwrap();
        again.peer_addr().unwrap()
    });
}
