//! Blocking sockets and pipes of std, and their timeouts in the kernel.

use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream, UdpSocket};
use std::os::unix::net::UnixStream;
use std::thread;

use standstill::prelude::*;

fn tcp_pair() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    (client, listener.accept().unwrap().0)
}

/// Writes each second, `count` times, and then ends the stream.
fn write_each_second(mut stream: impl io::Write + Send + 'static, count: u32) -> thread::JoinHandle<()> {
    thread::spawn(move || {
        for _ in 0..count {
            thread::sleep(1.secs());
            stream.write_all(b"tick").unwrap();
        }
    })
}

fn read_tick(stream: &mut impl io::Read) {
    let mut tick = [0; 4];
    stream.read_exact(&mut tick).unwrap();
    assert_eq!(&tick, b"tick");
}

/// Reads what [`write_each_second`] writes.
fn read_each_second(mut stream: impl io::Read, count: u64) {
    for second in 1..=count {
        read_tick(&mut stream);
        assert_elapsed!(second.secs());
    }
    assert_eq!(stream.read(&mut [0]).unwrap(), 0);
    assert_elapsed!(count.secs());
}

fn assert_timed_out<T: std::fmt::Debug>(result: io::Result<T>) {
    assert_eq!(result.unwrap_err().kind(), ErrorKind::WouldBlock);
}

#[async_test(blocking = "allow")]
async fn a_tcp_stream_blocks_until_bytes_come() {
    let (client, server) = tcp_pair();
    let writer = write_each_second(server, 3);

    read_each_second(client, 3);
    writer.join().unwrap();
}

#[async_test(blocking = "allow")]
async fn an_accept_blocks_until_somebody_connects() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let client = thread::spawn(move || {
        thread::sleep(2.secs());
        TcpStream::connect(address).unwrap()
    });

    let (server, _) = listener.accept().unwrap();
    assert_elapsed!(2.secs());

    assert_eq!(server.peer_addr().unwrap(), client.join().unwrap().local_addr().unwrap());
}

#[async_test(blocking = "allow")]
async fn a_read_timeout_of_a_tcp_stream_is_exact() {
    let (mut client, server) = tcp_pair();
    client.set_read_timeout(Some(5.secs())).unwrap();
    assert_eq!(client.read_timeout().unwrap(), Some(5.secs()));

    assert_timed_out(client.read(&mut [0]));
    assert_elapsed!(5.secs());

    let writer = write_each_second(server, 1);
    read_tick(&mut client);
    assert_elapsed!(6.secs());
    writer.join().unwrap();
}

#[async_test(blocking = "allow")]
async fn a_reader_wakes_when_the_other_end_shuts_down() {
    let (mut client, server) = tcp_pair();
    let closer = thread::spawn(move || {
        thread::sleep(2.secs());
        server.shutdown(Shutdown::Write).unwrap();
        thread::sleep(2.secs());
    });

    assert_eq!(client.read(&mut [0]).unwrap(), 0);
    assert_elapsed!(2.secs());
    closer.join().unwrap();
    assert_elapsed!(4.secs());
}

#[async_test(blocking = "allow")]
async fn datagrams_and_the_timeout_of_a_udp_socket_are_exact() {
    let receiver = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = receiver.local_addr().unwrap();
    receiver.set_read_timeout(Some(1500.millis())).unwrap();
    let sender = thread::spawn(move || {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        for _ in 0..3 {
            thread::sleep(1.secs());
            socket.send_to(b"tick", address).unwrap();
        }
    });

    let mut datagram = [0; 8];
    for second in 1..=3 {
        assert_eq!(receiver.recv(&mut datagram).unwrap(), 4);
        assert_elapsed!(second.secs());
    }
    assert_timed_out(receiver.recv(&mut datagram));
    assert_elapsed!(4500.millis());
    sender.join().unwrap();
}

#[async_test(blocking = "allow")]
async fn a_unix_stream_blocks_until_bytes_come() {
    let (client, server) = UnixStream::pair().unwrap();
    let writer = write_each_second(server, 3);

    read_each_second(client, 3);
    writer.join().unwrap();
}

#[async_test(blocking = "allow")]
async fn a_read_timeout_of_a_unix_stream_is_exact() {
    let (mut client, _server) = UnixStream::pair().unwrap();
    client.set_read_timeout(Some(5.secs())).unwrap();

    assert_timed_out(client.read(&mut [0]));
    assert_elapsed!(5.secs());
}

#[async_test(blocking = "allow")]
async fn a_write_timeout_of_a_unix_stream_is_exact() {
    let (mut client, _server) = UnixStream::pair().unwrap();
    client.set_write_timeout(Some(5.secs())).unwrap();
    client.set_nonblocking(true).unwrap();
    while client.write(&[0; 1024]).is_ok() {}
    client.set_nonblocking(false).unwrap();

    assert_timed_out(client.write(&[0; 1024]));
    assert_elapsed!(5.secs());
}

#[async_test(blocking = "allow")]
async fn a_pipe_blocks_until_bytes_come() {
    let (reader, writer) = io::pipe().unwrap();
    let writing = write_each_second(writer, 3);

    read_each_second(reader, 3);
    writing.join().unwrap();
}

#[async_test(blocking = "allow")]
async fn a_full_pipe_holds_its_writer_back() {
    let (mut reader, mut writer) = io::pipe().unwrap();
    let reading = thread::spawn(move || {
        thread::sleep(7.secs());
        let mut read = Vec::new();
        reader.read_to_end(&mut read).unwrap();
        read.len()
    });

    writer.write_all(&vec![0; 1 << 20]).unwrap();
    assert_elapsed!(7.secs());
    drop(writer);
    assert_eq!(reading.join().unwrap(), 1 << 20);
    assert_elapsed!(7.secs());
}
