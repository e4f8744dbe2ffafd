//! tokio's sockets and pipes between the test, its tasks and threads of std.

use std::io::Write as _;
use std::thread;

use standstill::prelude::*;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::unix::pipe;
use tokio::net::{TcpListener, TcpStream, UdpSocket, UnixStream};
use tokio::time::{sleep, timeout};

#[async_test(blocking = "allow")]
async fn a_thread_of_std_answers_a_task_of_tokio() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let client = thread::spawn(move || {
        thread::sleep(2.secs());
        let mut stream = std::net::TcpStream::connect(address).unwrap();
        thread::sleep(3.secs());
        stream.write_all(b"hello").unwrap();
    });

    assert!(timeout(1.secs(), listener.accept()).await.is_err());
    assert_elapsed!(1.secs());
    let (mut stream, _) = listener.accept().await.unwrap();
    assert_elapsed!(2.secs());
    let mut text = String::new();
    stream.read_to_string(&mut text).await.unwrap();
    assert_eq!(text, "hello");
    assert_elapsed!(5.secs());
    client.join().unwrap();
}

/// The kernel holds a small packet back until the one before is acknowledged, which takes it 40 ms of real time.
#[async_test]
async fn what_the_kernel_holds_back_takes_no_time() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    tokio::spawn(async move {
        let (mut server, _) = listener.accept().await.unwrap();
        while let Ok(order) = server.read_u16().await {
            server.write_u16(order).await.unwrap();
        }
    });

    for _ in 0..20 {
        client.write_u8(1).await.unwrap();
        client.write_u8(2).await.unwrap();
        assert_eq!(timeout(1.millis(), client.read_u16()).await.unwrap().unwrap(), 0x0102);
    }
    assert_elapsed!(0.secs());
}

#[async_test]
async fn a_datagram_comes_when_it_was_sent() {
    let receiver = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let sender = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    sender.connect(receiver.local_addr().unwrap()).await.unwrap();
    tokio::spawn(async move {
        sleep(1.hours()).await;
        sender.send(b"tick").await.unwrap();
    });

    assert_eq!(receiver.recv(&mut [0; 8]).await.unwrap(), 4);
    assert_elapsed!(1.hours());
}

#[async_test]
async fn two_tasks_play_ping_pong_over_a_unix_stream() {
    let (mut here, mut there) = UnixStream::pair().unwrap();
    tokio::spawn(async move {
        while let Ok(ball) = there.read_u8().await {
            sleep(10.millis()).await;
            there.write_u8(ball + 1).await.unwrap();
        }
    });

    let mut ball = 0;
    while ball < 100 {
        here.write_u8(ball).await.unwrap();
        ball = here.read_u8().await.unwrap();
        sleep(10.millis()).await;
    }
    assert_elapsed!(2.secs());
}

#[async_test(blocking = "allow")]
async fn a_pipe_between_a_thread_and_a_task() {
    let (reader, mut writer) = std::io::pipe().unwrap();
    let writing = thread::spawn(move || {
        thread::sleep(3.secs());
        writer.write_all(b"hello").unwrap();
    });

    let mut reader = pipe::Receiver::from_owned_fd(reader.into()).unwrap();
    let mut text = String::new();
    reader.read_to_string(&mut text).await.unwrap();

    assert_eq!(text, "hello");
    assert_elapsed!(3.secs());
    writing.join().unwrap();
}
