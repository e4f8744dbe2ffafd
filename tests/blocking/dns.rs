//! The resolver. What it answers is no matter here: `localhost` needs no network.
#![expect(clippy::cast_possible_truncation, reason = "C keeps its numbers in types of other widths than Rust")]

use std::net::{TcpListener, TcpStream, ToSocketAddrs as _, UdpSocket};
use std::ptr;

use standstill::blocking::Category::Dns;

use crate::found::{at, one};

#[test]
fn to_socket_addrs_of_a_string() {
    one(Dns, "std::net::ToSocketAddrs::to_socket_addrs", async || at!("localhost:80".to_socket_addrs().is_ok()));
}

#[test]
fn to_socket_addrs_of_an_owned_string() {
    let name = "localhost:80".to_owned();
    one(Dns, "std::net::ToSocketAddrs::to_socket_addrs", async || at!(name.to_socket_addrs().is_ok()));
}

#[test]
fn to_socket_addrs_of_a_name_and_a_port() {
    one(Dns, "std::net::ToSocketAddrs::to_socket_addrs", async || at!(("localhost", 80).to_socket_addrs().is_ok()));
}

#[test]
fn tcp_stream_connect_to_a_name() {
    let listener = TcpListener::bind("localhost:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    one(Dns, "std::net::TcpStream::connect", async || at!(TcpStream::connect(("localhost", port)).is_ok()));
}

#[test]
fn libc_getaddrinfo() {
    one(Dns, "getaddrinfo", async || {
        let mut found = ptr::null_mut();
        at!(unsafe { libc::getaddrinfo(c"localhost".as_ptr(), ptr::null(), ptr::null(), &raw mut found) });
        unsafe { libc::freeaddrinfo(found) };
    });
}

#[test]
fn libc_getnameinfo() {
    one(Dns, "getnameinfo", async || {
        let mut address = unsafe { std::mem::zeroed::<libc::sockaddr_in>() };
        address.sin_family = libc::AF_INET as libc::sa_family_t;
        address.sin_addr.s_addr = u32::from_ne_bytes([127, 0, 0, 1]);
        let (address, length) = ((&raw const address).cast(), size_of::<libc::sockaddr_in>() as u32);
        let mut host = [0; 256];
        at!(unsafe { libc::getnameinfo(address, length, host.as_mut_ptr(), 256, ptr::null_mut(), 0, 0) })
    });
}

#[test]
fn libc_gethostbyname() {
    unsafe extern "C" {
        fn gethostbyname(name: *const libc::c_char) -> *mut libc::hostent;
    }
    one(Dns, "gethostbyname", async || at!(unsafe { gethostbyname(c"localhost".as_ptr()) }));
}

#[test]
fn sockets_that_are_given_a_name() {
    let peer = UdpSocket::bind("127.0.0.1:0").unwrap();
    let (name, socket) = (("localhost", peer.local_addr().unwrap().port()), UdpSocket::bind("127.0.0.1:0").unwrap());
    one(Dns, "std::net::TcpListener::bind", async || at!(TcpListener::bind("localhost:0").unwrap()));
    one(Dns, "std::net::UdpSocket::bind", async || at!(UdpSocket::bind("localhost:0").unwrap()));
    // Which of the name's addresses comes first, is the machine's affair.
    one(Dns, "std::net::UdpSocket::send_to", async || drop(at!(socket.send_to(b"word", name))));
    one(Dns, "std::net::UdpSocket::connect", async || drop(at!(socket.connect(name))));
}
