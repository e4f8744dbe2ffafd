//! What the shop did before it was asynchronous: all of it waits, and keeps its thread.

use std::fs;
use std::io::{self, Read, stdin};
use std::net::{TcpStream, ToSocketAddrs};
use std::process::Command;
use std::sync::{Mutex, mpsc};
use std::thread;
use std::time::Duration;

/// Lets the ink dry.
pub async fn dry(time: Duration) {
    thread::sleep(time);
}

/// Rings up the warehouse.
///
/// # Errors
///
/// Gives the network's answer.
pub async fn ring_up(warehouse: &str) -> io::Result<()> {
    TcpStream::connect(warehouse).map(drop)
}

/// Looks up where the warehouse is.
///
/// # Errors
///
/// Gives the resolver's answer.
pub async fn look_up(warehouse: &str) -> io::Result<usize> {
    Ok((warehouse, 80).to_socket_addrs()?.count())
}

/// Prints a label by another program.
///
/// # Errors
///
/// Gives why the program could not start.
pub async fn print_label() -> io::Result<bool> {
    Ok(Command::new("true").status()?.success())
}

/// Has the shelves counted, by a thread.
///
/// # Panics
///
/// Panics if the thread does.
pub async fn count(shelves: u64) -> u64 {
    thread::spawn(move || (0..shelves).sum()).join().unwrap()
}

/// Asks whoever stands at the terminal.
///
/// # Errors
///
/// Gives why nothing could be read.
pub async fn ask() -> io::Result<String> {
    let mut answer = String::new();
    stdin().read_line(&mut answer)?;
    Ok(answer)
}

/// Waits for the bell at the door.
///
/// # Errors
///
/// Gives why nothing could be read.
pub async fn hear(bell: &mut impl Read) -> io::Result<()> {
    bell.read_exact(&mut [0])
}

/// Reads the ledger.
///
/// # Errors
///
/// Gives why it could not be read.
pub async fn read_ledger() -> io::Result<String> {
    fs::read_to_string("ledger.txt")
}

/// Counts the till, of which there is one key.
///
/// # Panics
///
/// Panics if somebody panicked with the key.
pub async fn count_till(till: &Mutex<u64>) -> u64 {
    *till.lock().unwrap()
}

/// Waits for the next order.
///
/// # Errors
///
/// Gives that nobody can order any more.
pub async fn next(orders: &mpsc::Receiver<String>) -> Result<String, mpsc::RecvError> {
    orders.recv()
}
