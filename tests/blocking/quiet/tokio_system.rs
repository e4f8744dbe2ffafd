//! Files, sockets, processes and signals as tokio has them.

use std::process::Stdio;

use standstill::prelude::*;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream, UdpSocket, UnixDatagram, UnixListener, UnixStream, lookup_host};
use tokio::process::Command;
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::timeout;
use tokio::{fs, task};

use super::{Line, quiet, quiet_on_many_threads};

async fn echo() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let (mut reader, mut writer) = stream.split();
        tokio::io::copy(&mut reader, &mut writer).await.unwrap();
    });
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"parcel").await.unwrap();
    stream.read_exact(&mut [0; 6]).await.unwrap();
    drop(stream);
    server.await.unwrap();
}

#[test]
fn tcp_of_tokio() {
    quiet(echo);
}

#[test]
fn tcp_of_tokio_on_many_threads() {
    quiet_on_many_threads(async || {
        futures::future::join_all((0..8).map(|_| tokio::spawn(echo()))).await;
    });
}

#[test]
fn udp_of_tokio() {
    quiet(async || {
        let (one, two) = (UdpSocket::bind("127.0.0.1:0").await.unwrap(), UdpSocket::bind("127.0.0.1:0").await.unwrap());
        one.send_to(b"parcel", two.local_addr().unwrap()).await.unwrap();
        assert_eq!(two.recv_from(&mut [0; 6]).await.unwrap().0, 6);
    });
}

#[test]
fn unix_sockets_of_tokio() {
    let line = Line::new("unix").unwrap();
    std::fs::remove_file(&line.0).unwrap();
    let listener = std::os::unix::net::UnixListener::bind(&line.0).unwrap();
    listener.set_nonblocking(true).unwrap();

    quiet(async || {
        let listener = UnixListener::from_std(listener).unwrap();
        let (stream, accepted) = tokio::join!(UnixStream::connect(&line.0), listener.accept());
        stream.unwrap().write_all(b"parcel").await.unwrap();
        accepted.unwrap().0.read_exact(&mut [0; 6]).await.unwrap();
        let (one, two) = UnixDatagram::pair().unwrap();
        one.send(b"parcel").await.unwrap();
        assert_eq!(two.recv(&mut [0; 6]).await.unwrap(), 6);
    });
}

#[test]
fn pipes_of_tokio() {
    quiet(async || {
        let (mut sender, mut receiver) = tokio::net::unix::pipe::pipe().unwrap();
        sender.write_all(b"parcel").await.unwrap();
        receiver.read_exact(&mut [0; 6]).await.unwrap();
    });
}

#[test]
fn lookup_host_of_tokio() {
    quiet(async || assert!(lookup_host("localhost:80").await.unwrap().count() > 0));
}

#[test]
fn files_of_tokio() {
    let line = Line::new("tokio").unwrap();

    quiet(async || {
        let mut file = fs::OpenOptions::new().append(true).open(&line.0).await.unwrap();
        file.write_all(b"another\n").await.unwrap();
        file.sync_all().await.unwrap();
        drop(file);
        assert_eq!(fs::read_to_string(&line.0).await.unwrap(), "a line\nanother\n");
        let mut lines = BufReader::new(fs::File::open(&line.0).await.unwrap()).lines();
        assert_eq!(lines.next_line().await.unwrap().unwrap(), "a line");
        fs::metadata(&line.0).await.unwrap();
        fs::rename(&line.0, line.0.with_extension("moved")).await.unwrap();
        fs::remove_file(line.0.with_extension("moved")).await.unwrap();
    });
}

#[test]
fn processes_of_tokio() {
    quiet(async || {
        assert!(Command::new("true").status().await.unwrap().success());
        assert_eq!(Command::new("echo").arg("parcel").output().await.unwrap().stdout, b"parcel\n");
        let mut child = Command::new("cat").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(b"parcel").await.unwrap();
        let mut text = String::new();
        child.stdout.take().unwrap().read_to_string(&mut text).await.unwrap();
        assert_eq!(text, "parcel");
        assert!(child.wait().await.unwrap().success());
    });
}

#[test]
fn a_process_of_tokio_that_is_killed() {
    quiet(async || {
        let mut child = Command::new("cat").stdin(Stdio::piped()).kill_on_drop(true).spawn().unwrap();
        assert!(child.try_wait().unwrap().is_none());
        child.kill().await.unwrap();
    });
}

#[test]
fn signals_of_tokio() {
    quiet(async || {
        let mut hangup = signal(SignalKind::user_defined2()).unwrap();
        // SAFETY: Somebody listens.
        unsafe { libc::raise(libc::SIGUSR2) };
        hangup.recv().await.unwrap();
    });
}

#[test]
fn tokio_s_standard_output_and_error() {
    quiet(async || {
        let (mut out, mut error) = (tokio::io::stdout(), tokio::io::stderr());
        out.write_all(b"a parcel\n").await.unwrap();
        out.flush().await.unwrap();
        error.write_all(b"a parcel\n").await.unwrap();
        error.flush().await.unwrap();
    });
}

#[test]
fn tokio_s_standard_input_of_which_nothing_is_read() {
    quiet(async || {
        let stdin = tokio::io::stdin();
        task::yield_now().await;
        drop(stdin);
    });
}

#[test]
fn a_duplex_and_a_timeout_over_it() {
    quiet(async || {
        let (mut near, mut far) = tokio::io::duplex(4);
        let (written, read) = tokio::join!(near.write_all(b"parcel"), async { far.read_exact(&mut [0; 6]).await });
        written.unwrap();
        read.unwrap();
        assert!(timeout(1.secs(), far.read_u8()).await.is_err());
    });
}
