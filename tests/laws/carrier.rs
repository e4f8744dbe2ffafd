use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, OnceLock, mpsc};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use futures::future::BoxFuture;
use tokio::io::AsyncReadExt;
use tokio::sync::{Notify, oneshot, watch};

/// Sends one message, without waiting.
pub(crate) type Send = Box<dyn FnOnce() + std::marker::Send>;

/// Waits for one message, no longer than the limit, and says whether it came.
pub(crate) enum Receive {
    Blocking(Box<dyn FnOnce(Option<Duration>) -> bool + std::marker::Send>),
    Async(Box<dyn FnOnce() -> BoxFuture<'static, ()> + std::marker::Send>),
}

fn blocking(receive: impl FnOnce(Option<Duration>) -> bool + std::marker::Send + 'static) -> Receive {
    Receive::Blocking(Box::new(receive))
}

fn awaited<F: Future<Output = ()> + std::marker::Send + 'static>(
    receive: impl FnOnce() -> F + std::marker::Send + 'static,
) -> Receive {
    Receive::Async(Box::new(|| Box::pin(receive())))
}

/// A way for one message to a thread; of those that know no limit, only if there is none.
pub(crate) fn to_thread(way: u8, has_limit: bool) -> (Send, Receive) {
    match way % if has_limit { 3 } else { 7 } {
        0 => {
            let (sender, receiver) = mpsc::channel();
            let receive = move |limit| match limit {
                Some(limit) => receiver.recv_timeout(limit).is_ok(),
                None => receiver.recv().is_ok(),
            };
            (Box::new(move || _ = sender.send(())), blocking(receive))
        }
        1 => {
            let shared = Arc::new((Mutex::new(false), Condvar::new()));
            let send = {
                let shared = Arc::clone(&shared);
                move || {
                    *shared.0.lock().unwrap() = true;
                    shared.1.notify_all();
                }
            };
            let receive = move |limit: Option<Duration>| {
                let mut sent = shared.0.lock().unwrap();
                let start = Instant::now();
                while !*sent {
                    sent = match limit.map(|limit| limit.saturating_sub(start.elapsed())) {
                        Some(Duration::ZERO) => return false,
                        Some(left) => shared.1.wait_timeout(sent, left).unwrap().0,
                        None => shared.1.wait(sent).unwrap(),
                    }
                }
                true
            };
            (Box::new(send), blocking(receive))
        }
        2 => {
            let shared = Arc::new((AtomicBool::new(false), OnceLock::<Thread>::new()));
            let send = {
                let shared = Arc::clone(&shared);
                move || {
                    shared.0.store(true, Ordering::SeqCst);
                    if let Some(thread) = shared.1.get() {
                        thread.unpark();
                    }
                }
            };
            let receive = move |limit: Option<Duration>| {
                shared.1.set(thread::current()).unwrap();
                let start = Instant::now();
                while !shared.0.load(Ordering::SeqCst) {
                    match limit.map(|limit| limit.saturating_sub(start.elapsed())) {
                        Some(Duration::ZERO) => return false,
                        Some(left) => thread::park_timeout(left),
                        None => thread::park(),
                    }
                }
                true
            };
            (Box::new(send), blocking(receive))
        }
        3 => {
            let (reader, writer) = io::pipe().unwrap();
            (write_to(writer), read_from(reader))
        }
        4 => {
            let (writer, reader) = UnixStream::pair().unwrap();
            (write_to(writer), read_from(reader))
        }
        5 => {
            let (writer, reader) = tcp_pair();
            (write_to(writer), read_from(reader))
        }
        _ => {
            let (sender, receiver) = oneshot::channel();
            (Box::new(move || _ = sender.send(())), blocking(|_| receiver.blocking_recv().is_ok()))
        }
    }
}

/// A way for one message to a task.
pub(crate) fn to_task(way: u8) -> (Send, Receive) {
    match way % 6 {
        0 => {
            let (sender, receiver) = oneshot::channel();
            (Box::new(move || _ = sender.send(())), awaited(|| async { receiver.await.unwrap() }))
        }
        1 => {
            let (sender, mut receiver) = tokio::sync::mpsc::unbounded_channel();
            let receive = move || async move { receiver.recv().await.unwrap() };
            (Box::new(move || _ = sender.send(())), awaited(receive))
        }
        2 => {
            let notify = Arc::new(Notify::new());
            let sender = Arc::clone(&notify);
            (Box::new(move || sender.notify_one()), awaited(|| async move { notify.notified().await }))
        }
        3 => {
            let (sender, mut receiver) = watch::channel(false);
            let receive = move || async move { _ = receiver.wait_for(|sent| *sent).await.unwrap() };
            (Box::new(move || _ = sender.send(true)), awaited(receive))
        }
        4 => {
            let (writer, reader) = UnixStream::pair().unwrap();
            reader.set_nonblocking(true).unwrap();
            let receive = || async { read_all(tokio::net::UnixStream::from_std(reader).unwrap()).await };
            (write_to(writer), awaited(receive))
        }
        _ => {
            let (writer, reader) = tcp_pair();
            reader.set_nonblocking(true).unwrap();
            let receive = || async { read_all(tokio::net::TcpStream::from_std(reader).unwrap()).await };
            (write_to(writer), awaited(receive))
        }
    }
}

fn write_to(mut writer: impl Write + std::marker::Send + 'static) -> Send {
    // The reader may have given up, and gone.
    Box::new(move || _ = writer.write_all(b"!"))
}

fn read_from(mut reader: impl Read + std::marker::Send + 'static) -> Receive {
    blocking(move |_| reader.read_exact(&mut [0]).is_ok())
}

async fn read_all(mut reader: impl tokio::io::AsyncRead + Unpin) {
    reader.read_exact(&mut [0]).await.unwrap();
}

fn tcp_pair() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    (client, listener.accept().unwrap().0)
}
