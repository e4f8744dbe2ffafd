//! Servers at unix sockets, which the test that asks them has not started.

use std::ffi::OsStr;
use std::io::{Read as _, Write as _};
use std::os::linux::net::SocketAddrExt as _;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::net::{SocketAddr, UnixListener};
use std::sync::mpsc::channel;
use std::thread;

use standstill::clock::{self, Holder};
use standstill::prelude::*;
use standstill::{assert_elapsed, run};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::UnixStream;
use tokio::time::timeout;

fn name(of: &str) -> SocketAddr {
    SocketAddr::from_abstract_name(format!("standstill-{of}-{}", std::process::id())).unwrap()
}

async fn connect(name: &SocketAddr) -> UnixStream {
    let path = [b"\0", name.as_abstract_name().unwrap()].concat();
    UnixStream::connect(OsStr::from_bytes(&path)).await.unwrap()
}

/// Gives back each byte after two seconds.
fn serve(listener: UnixListener) {
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            thread::spawn(move || {
                let mut byte = [0];
                while stream.read(&mut byte).unwrap() > 0 {
                    thread::sleep(2.secs());
                    stream.write_all(&byte).unwrap();
                }
            });
        }
    });
}

async fn answers_are_exact(name: &SocketAddr) {
    let mut stream = connect(name).await;
    for _ in 0..3 {
        stream.write_u8(7).await.unwrap();
        assert_eq!(timeout(5.secs(), stream.read_u8()).await.unwrap().unwrap(), 7);
    }
    assert_elapsed!(6.secs());
}

#[test]
fn a_request_to_a_thread_of_no_test_holds_the_clock_until_its_answer() {
    let name = name("stranger");
    let listener = UnixListener::bind_addr(&name).unwrap();
    let (may_answer, answers) = channel();
    let server = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        stream.read_exact(&mut [0; 8]).unwrap();
        answers.recv().unwrap();
        stream.write_all(b"answer").unwrap();
    });

    run(async || {
        let mut stream = connect(&name).await;
        stream.write_all(b"question").await.unwrap();
        let (local, peer) = ("a unix socket".to_owned(), format!("@standstill-stranger-{}", std::process::id()));
        assert_eq!(clock::held_by(), [Holder::Socket { local, peer }]);

        may_answer.send(()).unwrap();
        timeout(1.secs(), stream.read_exact(&mut [0; 6])).await.unwrap().unwrap();
        assert_eq!(clock::held_by(), []);
        assert_elapsed!(0.secs());
    });
    server.join().unwrap();
}

#[test]
fn a_server_that_has_outlived_its_test_goes_over_to_the_one_that_asks_it() {
    let name = name("outlives");
    run(async || {
        serve(UnixListener::bind_addr(&name).unwrap());
        answers_are_exact(&name).await;
    });
    for _ in 0..3 {
        run(async || answers_are_exact(&name).await);
    }
}

#[async_test(blocking = "allow")]
async fn a_listener_that_is_gone_once_it_has_accepted_does_not_hold_the_clock() {
    let name = name("once");
    let listener = UnixListener::bind_addr(&name).unwrap();
    let server = thread::spawn(move || listener.accept().unwrap().0);
    let mut stream = connect(&name).await;
    let mut server = server.join().unwrap();

    stream.write_u8(7).await.unwrap();
    server.read_exact(&mut [0]).unwrap();

    assert_eq!(clock::held_by(), []);
}

#[test]
fn a_listener_from_before_the_test_is_the_test_s_once_it_accepts() {
    let name = name("before");
    let listener = UnixListener::bind_addr(&name).unwrap();
    run(async || {
        serve(listener);
        answers_are_exact(&name).await;
    });
}
