//! Clients that block their thread, inside a poll.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, RunQueryDsl as _, SqliteConnection, sql_query};
use rusqlite::Connection;
use standstill::blocking::{Category, Policy};
use standstill::{Builder, Level};
use tempfile::NamedTempFile;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::found::{at, found, place};

/// Asserts that the line marked by [`at!`] is found, and no other.
#[track_caller]
fn assert_found<T>(category: Category, call: &str, body: impl AsyncFnOnce() -> T) {
    let found = found(category, Builder::new(), body);
    let found: Vec<_> = found.iter().map(|found| (&*found.call, &*found.place)).collect();
    // A report has paths as they are from the package.
    assert_eq!(found, [(call, place().trim_start_matches("tests/ecosystem/"))]);
}

async fn server() -> MockServer {
    let server = MockServer::start().await;
    // Whether a call waits for an answer that comes at once is chance.
    let answer = ResponseTemplate::new(200).set_delay(Duration::from_secs(1));
    Mock::given(any()).respond_with(answer).mount(&server).await;
    server
}

fn database() -> NamedTempFile {
    let file = NamedTempFile::new().unwrap();
    Connection::open(file.path()).unwrap().execute("CREATE TABLE orders (id INTEGER)", ()).unwrap();
    file
}

#[test]
fn a_tcp_stream_of_std_that_connects_to_a_server() {
    assert_found(Category::Sockets, "std::net::TcpStream::connect", async || {
        let server = server().await;
        at!(TcpStream::connect(server.address()).unwrap())
    });
}

#[test]
fn a_tcp_stream_of_std_that_reads_an_answer() {
    assert_found(Category::Sockets, "std::io::Read::read_to_string", async || {
        let server = server().await;
        let address = *server.address();
        let connect = move || {
            let mut stream = TcpStream::connect(address).unwrap();
            stream.write_all(b"GET / HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n").unwrap();
            stream
        };
        let mut stream = tokio::task::spawn_blocking(connect).await.unwrap();
        at!(stream.read_to_string(&mut String::new()).unwrap())
    });
}

/// The workspace builds it without assertions, for with them it panics by itself before it waits.
#[test]
fn reqwest_s_blocking_client() {
    assert_found(Category::Locks, "reqwest::blocking::RequestBuilder::send", async || {
        let server = server().await;
        let build = || reqwest::blocking::Client::builder().no_proxy().build().unwrap();
        let client = tokio::task::spawn_blocking(build).await.unwrap();
        at!(client.get(server.uri()).send().unwrap());
        tokio::task::spawn_blocking(move || drop(client)).await.unwrap();
    });
}

#[test]
fn rusqlite_that_opens_a_database() {
    let file = database();
    assert_found(Category::Files, "rusqlite::Connection::open", async || at!(Connection::open(file.path()).unwrap()));
}

#[test]
fn rusqlite_that_writes() {
    let file = database();
    let connection = Connection::open(file.path()).unwrap();
    assert_found(Category::Files, "rusqlite::Connection::execute", async || {
        at!(connection.execute("INSERT INTO orders VALUES (1)", ()).unwrap())
    });
}

#[test]
fn rusqlite_that_reads() {
    let file = database();
    let connection = Connection::open(file.path()).unwrap();
    assert_found(Category::Files, "rusqlite::Connection::query_row", async || {
        at!(connection.query_row("SELECT count(*) FROM orders", (), |row| row.get::<_, u32>(0)).unwrap())
    });
}

#[test]
fn rusqlite_that_waits_for_another_writer() {
    let file = database();
    let writer = Connection::open(file.path()).unwrap();
    writer.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let connection = Connection::open(file.path()).unwrap();
    connection.busy_timeout(Duration::from_secs(5)).unwrap();
    assert_found(Category::Sleeps, "rusqlite::Connection::execute", async || {
        at!(connection.execute("INSERT INTO orders VALUES (1)", ()).unwrap_err())
    });
}

#[test]
fn rusqlite_in_memory_is_no_matter() {
    Builder::new().blocking(Policy::all(Level::Deny)).run(async || Connection::open_in_memory().unwrap());
}

#[test]
fn diesel_that_opens_a_database() {
    let file = database();
    let path = file.path().to_str().unwrap();
    assert_found(Category::Files, "diesel::sqlite::connection::SqliteConnection::establish", async || {
        at!(SqliteConnection::establish(path).unwrap())
    });
}

#[test]
fn diesel_that_writes() {
    let file = database();
    let mut connection = SqliteConnection::establish(file.path().to_str().unwrap()).unwrap();
    let query = sql_query("INSERT INTO orders VALUES (1)");
    assert_found(Category::Files, "diesel::query_dsl::RunQueryDsl::execute", async || {
        at!(query.execute(&mut connection).unwrap())
    });
}

#[test]
fn diesel_that_runs_a_batch() {
    let file = database();
    let mut connection = SqliteConnection::establish(file.path().to_str().unwrap()).unwrap();
    assert_found(Category::Files, "diesel::sqlite::connection::SqliteConnection::batch_execute", async || {
        at!(connection.batch_execute("INSERT INTO orders VALUES (1)").unwrap());
    });
}
