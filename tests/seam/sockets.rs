use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::os::fd::AsRawFd as _;
use std::os::unix::net::{UnixDatagram, UnixListener, UnixStream};
use std::thread;
use std::time::Duration;

use standstill::Builder;
use standstill::prelude::*;
use tokio::net::TcpSocket;

use crate::time_of;

fn pair() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    (client, listener.accept().unwrap().0)
}

#[async_test(blocking = "allow")]
async fn accept_waits_for_a_client() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let client = thread::spawn(move || {
        thread::sleep(4.secs());
        time_of(|| TcpStream::connect(address).unwrap()).0
    });
    assert_eq!(time_of(|| drop(listener.accept().unwrap())).0, 4.secs());
    assert_eq!(client.join().unwrap(), Duration::ZERO);
}

#[async_test(blocking = "allow")]
async fn a_burst_of_clients_is_let_in_at_once() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let clients: Vec<_> = (0..400).map(|_| TcpStream::connect(address).unwrap()).collect();
    assert_elapsed!(Duration::ZERO);
    drop(clients);
}

#[async_test(blocking = "allow")]
async fn a_short_line_stays_as_short_as_it_is_meant() {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(0).unwrap();
    let address = listener.local_addr().unwrap();
    let _first = TcpStream::connect(address).unwrap();
    let (spent, second) = time_of(|| TcpStream::connect_timeout(&address, 7.secs()));
    assert_eq!((spent, second.unwrap_err().kind()), (7.secs(), ErrorKind::TimedOut));
}

#[async_test(blocking = "allow")]
async fn a_read_takes_until_the_answer_comes() {
    let (mut client, mut server) = pair();
    let serving = thread::spawn(move || {
        let mut request = [0; 4];
        server.read_exact(&mut request).unwrap();
        thread::sleep(2.secs());
        server.write_all(b"pong").unwrap();
        thread::sleep(3.secs());
    });
    client.write_all(b"ping").unwrap();
    let mut answer = String::new();
    assert_eq!(time_of(|| client.read_exact(&mut [0; 4]).unwrap()).0, 2.secs());
    assert_eq!(time_of(|| client.read_to_string(&mut answer).unwrap()), (3.secs(), 0));
    serving.join().unwrap();
}

#[async_test(blocking = "allow")]
async fn a_read_times_out_at_its_time() {
    let (mut client, _server) = pair();
    client.set_read_timeout(Some(1500.millis())).unwrap();
    let (spent, error) = time_of(|| client.read(&mut [0]).unwrap_err());
    assert_eq!((spent, error.kind()), (1500.millis(), ErrorKind::WouldBlock));
}

#[async_test(blocking = "allow")]
async fn a_write_times_out_at_its_time() {
    // Not TCP, whose buffers may grow as long as nobody reads.
    let (mut client, _server) = UnixStream::pair().unwrap();
    client.set_write_timeout(Some(5.secs())).unwrap();
    let (spent, written) = time_of(|| client.write(&vec![0; 50_000_000]).unwrap());
    assert!(written < 50_000_000);
    assert_eq!(spent, 5.secs());
    let (spent, error) = time_of(|| client.write(&vec![0; 9_000_000]).unwrap_err());
    assert_eq!((spent, error.kind()), (5.secs(), ErrorKind::WouldBlock));
}

#[async_test(blocking = "allow")]
async fn an_accept_times_out_at_its_time() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let most = libc::timeval { tv_sec: 2, tv_usec: 500_000 };
    let set = unsafe {
        libc::setsockopt(
            listener.as_raw_fd(),
            libc::SOL_SOCKET,
            libc::SO_RCVTIMEO,
            (&raw const most).cast(),
            size_of_val(&most).try_into().unwrap(),
        )
    };
    assert_eq!(set, 0);
    let (spent, error) = time_of(|| listener.accept().unwrap_err());
    assert_eq!((spent, error.kind()), (2500.millis(), ErrorKind::WouldBlock));
}

#[async_test(blocking = "allow")]
async fn two_who_accept_share_the_clients() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let spent = thread::scope(|scope| {
        let accept = || (0..200).map(|_| time_of(|| listener.accept().unwrap()).0).sum::<Duration>();
        let servers = [scope.spawn(accept), scope.spawn(accept)];
        for _ in 0..200 {
            thread::sleep(1.secs());
            TcpStream::connect(address).unwrap();
            TcpStream::connect(address).unwrap();
        }
        servers.map(|server| server.join().unwrap())
    });
    assert_eq!(spent.into_iter().max(), Some(200.secs()));
}

#[async_test(blocking = "allow")]
async fn a_large_tcp_write_waits_for_a_slow_reader() {
    let (mut client, server) = pair();
    let reading = thread::spawn(move || {
        let mut count = 0;
        while let read @ 1.. = (&server).take(10_000_000).read_to_end(&mut Vec::new()).unwrap() {
            count += read;
            thread::sleep(1.secs());
        }
        count
    });
    // How much of it the kernel keeps meanwhile is the kernel's own affair.
    client.write_all(&vec![7; 50_000_000]).unwrap();
    drop(client);
    assert_eq!(reading.join().unwrap(), 50_000_000);
    standstill::assert_elapsed!(5.secs());
}

#[async_test(blocking = "allow")]
async fn who_may_have_little_on_its_way_waits_for_its_reader_only() {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_send_buffer_size(4096).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let client = socket.connect(listener.local_addr().unwrap()).await.unwrap().into_std().unwrap();
    client.set_nonblocking(false).unwrap();
    let mut server = listener.accept().unwrap().0;
    server.set_read_timeout(Some(1.hours())).unwrap();

    let sending = thread::spawn(move || (&client).write_all(&vec![0; 5_000_000]).unwrap());
    server.read_exact(&mut vec![0; 5_000_000]).unwrap();
    sending.join().unwrap();
    assert_elapsed!(Duration::ZERO);
}

#[async_test(blocking = "allow")]
async fn small_parts_are_not_held_back_where_a_library_asks_for_that() {
    let (client, server) = pair();
    for end in [&client, &server] {
        end.set_nodelay(false).unwrap();
        end.set_read_timeout(Some(1.hours())).unwrap();
    }
    for _ in 0..100 {
        for (mut from, mut to) in [(&client, &server), (&server, &client)] {
            from.write_all(b"a").unwrap();
            from.write_all(b"b").unwrap();
            to.read_exact(&mut [0; 2]).unwrap();
        }
    }
    assert_elapsed!(Duration::ZERO);
}

#[async_test(blocking = "allow")]
async fn a_refused_connect_is_refused_at_once() {
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let (spent, error) = time_of(|| TcpStream::connect(address).unwrap_err());
    assert_eq!((spent, error.kind()), (Duration::ZERO, ErrorKind::ConnectionRefused));
    let (spent, error) = time_of(|| TcpStream::connect_timeout(&address, 5.secs()).unwrap_err());
    assert_eq!((spent, error.kind()), (Duration::ZERO, ErrorKind::ConnectionRefused));
}

#[async_test(blocking = "allow")]
async fn a_udp_receive_times_out_or_gets_what_is_sent() {
    let [one, other] = [(), ()].map(|()| UdpSocket::bind("127.0.0.1:0").unwrap());
    one.set_read_timeout(Some(2.secs())).unwrap();
    let (spent, error) = time_of(|| one.recv_from(&mut [0; 9]).unwrap_err());
    assert_eq!((spent, error.kind()), (2.secs(), ErrorKind::WouldBlock));

    let to = one.local_addr().unwrap();
    let sending = thread::spawn(move || {
        thread::sleep(1.secs());
        other.send_to(b"hello", to).unwrap();
    });
    assert_eq!(time_of(|| one.recv_from(&mut [0; 9]).unwrap().0), (1.secs(), 5));
    sending.join().unwrap();
}

#[async_test(blocking = "allow")]
async fn a_datagram_waits_for_room() {
    let (sender, receiver) = UnixDatagram::pair().unwrap();
    let reading = thread::spawn(move || {
        let mut count = 0;
        while receiver.recv(&mut [0; 9]).unwrap() > 0 {
            count += 1;
            if count % 100 == 0 {
                thread::sleep(1.secs());
            }
        }
        count
    });
    for _ in 0..1000 {
        sender.send(b"x").unwrap();
    }
    sender.send(b"").unwrap();
    assert_eq!(reading.join().unwrap(), 1000);
    standstill::assert_elapsed!(10.secs());
}

#[async_test(blocking = "allow")]
async fn a_unix_connect_waits_for_a_full_backlog() {
    let folder = std::env::temp_dir().join(format!("standstill-backlog-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("socket");
    let listener = UnixListener::bind(&path).unwrap();
    assert_eq!(unsafe { libc::listen(listener.as_raw_fd(), 0) }, 0);
    let first = UnixStream::connect(&path).unwrap();
    let accepting = thread::spawn(move || {
        thread::sleep(3.secs());
        listener.accept().unwrap();
        thread::sleep(3.secs());
        listener.accept().unwrap();
    });
    let (spent, second) = time_of(|| UnixStream::connect(&path).unwrap());
    assert_eq!(spent, 3.secs());
    accepting.join().unwrap();
    drop((first, second));
    std::fs::remove_dir_all(folder).unwrap();
}

#[async_test(blocking = "allow")]
async fn sendmsg_takes_it_all_and_recvmsg_waits() {
    let (client, server) = UnixStream::pair().unwrap();
    let mut letter = vec![7_u8; 3_000_000];
    let (ours, theirs) = (client.as_raw_fd(), server.as_raw_fd());
    let receiving = thread::spawn(move || {
        let mut received = 0;
        let mut buffer = vec![0_u8; 1_000_000];
        while received < 3_000_000 {
            thread::sleep(1.secs());
            let mut part = libc::iovec { iov_base: buffer.as_mut_ptr().cast(), iov_len: buffer.len() };
            let mut message = unsafe { std::mem::zeroed::<libc::msghdr>() };
            (message.msg_iov, message.msg_iovlen) = (&raw mut part, 1);
            let got = unsafe { libc::recvmsg(theirs, &raw mut message, libc::MSG_WAITALL) };
            assert_eq!(got, 1_000_000);
            received += got;
        }
        thread::sleep(1.secs());
        assert_eq!(unsafe { libc::send(theirs, b"ok".as_ptr().cast(), 2, 0) }, 2);
    });
    let (first, second) = letter.split_at_mut(1_234_567);
    let mut parts = [first, second].map(|part| libc::iovec { iov_base: part.as_mut_ptr().cast(), iov_len: part.len() });
    let mut message = unsafe { std::mem::zeroed::<libc::msghdr>() };
    (message.msg_iov, message.msg_iovlen) = (parts.as_mut_ptr(), 2);
    let (spent, sent) = time_of(|| unsafe { libc::sendmsg(ours, &raw const message, 0) });
    assert_eq!((spent, sent), (3.secs(), 3_000_000));
    let mut answer = [0_u8; 9];
    let received = time_of(|| unsafe { libc::recv(ours, answer.as_mut_ptr().cast(), 9, 0) });
    assert_eq!(received, (1.secs(), 2));
    receiving.join().unwrap();
}

/// What the report of a stuck test says that a thread waits for.
fn stuck_in(wait: fn()) -> String {
    let stuck = async || {
        thread::spawn(wait);
        std::future::pending::<()>().await;
    };
    Builder::new().try_run(stuck).unwrap_err().to_string()
}

#[test]
#[cfg_attr(not(debug_assertions), ignore = "what a thread waits in is told by debug information")]
fn what_a_stuck_thread_reads_is_named_by_the_kind_of_its_socket() {
    let tcp = stuck_in(|| {
        let (mut near, _far) = pair();
        assert_eq!(near.read(&mut [0]).unwrap(), 1);
    });
    let udp = stuck_in(|| {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        assert_eq!(socket.recv(&mut [0]).unwrap(), 1);
    });
    let unix = stuck_in(|| {
        let (mut near, _far) = UnixStream::pair().unwrap();
        assert_eq!(near.read(&mut [0]).unwrap(), 1);
    });
    let datagram = stuck_in(|| {
        let (near, _far) = UnixDatagram::pair().unwrap();
        assert_eq!(near.recv(&mut [0]).unwrap(), 1);
    });
    for (report, call) in [
        (tcp, "std::net::TcpStream::read"),
        (udp, "std::net::UdpSocket::recv"),
        (unix, "std::os::unix::net::UnixStream::read"),
        (datagram, "std::os::unix::net::UnixDatagram::recv"),
    ] {
        assert!(report.contains(&format!("\n  for {call}\n")), "{call}: {report}");
    }
}
