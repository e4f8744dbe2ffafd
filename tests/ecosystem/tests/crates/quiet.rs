//! No crate is found to block in ordinary async use, though everything is denied.

use std::io::Write as _;
use std::sync::Arc;
use std::thread;

use futures::future::join_all;
use http_body_util::{BodyExt as _, Empty};
use hyper::body::Bytes;
use hyper_util::rt::TokioIo;
use rayon::prelude::*;
use redis::AsyncCommands as _;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use sqlx::{Row as _, query};
use standstill::blocking::Policy;
use standstill::{Builder, Flavor, Level};
use tempfile::NamedTempFile;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::spawn_blocking;

use crate::{rustls, servers};

/// Runs a body in which nothing may be found, on one thread and on several.
#[track_caller]
fn quiet(body: impl AsyncFn()) {
    let strict = Builder::new().blocking(Policy::all(Level::Deny));
    for builder in [strict.clone(), strict.flavor(Flavor::MultiThread).worker_threads(3)] {
        if let Err(failure) = builder.try_run(&body) {
            panic!("something was found:\n{failure}");
        }
    }
}

#[test]
fn sqlx_with_sqlite() {
    quiet(async || {
        let file = spawn_blocking(|| NamedTempFile::new().unwrap()).await.unwrap();
        let options = SqliteConnectOptions::new().filename(file.path());
        let pool = SqlitePoolOptions::new().max_connections(3).connect_with(options).await.unwrap();
        query("CREATE TABLE orders (id INTEGER)").execute(&pool).await.unwrap();
        join_all((0..10).map(|id: i64| query("INSERT INTO orders VALUES (?)").bind(id).execute(&pool))).await;
        let mut transaction = pool.begin().await.unwrap();
        query("DELETE FROM orders").execute(&mut *transaction).await.unwrap();
        transaction.rollback().await.unwrap();
        assert_eq!(query("SELECT SUM(id) FROM orders").fetch_one(&pool).await.unwrap().get::<i64, _>(0), 45);
        pool.close().await;
        spawn_blocking(|| file.close().unwrap()).await.unwrap();
    });
}

#[test]
fn sqlx_with_postgres() {
    let Some(address) = servers::postgres() else { return };
    // It reads the user's password file here, which is a file like any other.
    let options: PgConnectOptions = format!("postgres://postgres@{address}/postgres").parse().unwrap();
    quiet(async || {
        let pool = PgPoolOptions::new().max_connections(3).connect_with(options.clone()).await.unwrap();
        let sums = (0..10).map(|number: i64| query("SELECT $1 + 1").bind(number).fetch_one(&pool));
        assert!(join_all(sums).await.iter().all(Result::is_ok));
        pool.close().await;
    });
}

#[test]
fn redis_s_connections() {
    let Some(address) = servers::redis() else { return };
    quiet(async || {
        let client = redis::Client::open(format!("redis://{address}")).unwrap();
        let connection = client.get_connection_manager().await.unwrap();
        join_all((0..10).map(async |number: u64| {
            connection.clone().set::<_, _, ()>(format!("quiet-{number}"), number).await.unwrap();
        }))
        .await;
        assert_eq!(connection.clone().get_del::<_, u64>("quiet-7").await.unwrap(), 7);
    });
}

#[test]
fn rustls_with_tokio() {
    quiet(async || {
        let (acceptor, connector) = rustls::one_day();
        assert_eq!(rustls::greet(&acceptor, &connector).await.unwrap(), "hello");
    });
}

#[test]
fn hyper_s_client_and_server() {
    quiet(async || {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            let (stream, _) = listener.accept().await.unwrap();
            let answer = hyper::service::service_fn(async |_| {
                Ok::<_, std::convert::Infallible>(hyper::Response::new(Empty::<Bytes>::new()))
            });
            hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), answer).await.unwrap();
        });
        let stream = TokioIo::new(TcpStream::connect(address).await.unwrap());
        let (mut sender, connection) = hyper::client::conn::http1::handshake(stream).await.unwrap();
        tokio::spawn(connection);
        let request = hyper::Request::builder().uri("/").body(Empty::<Bytes>::new()).unwrap();
        let answer = sender.send_request(request).await.unwrap();
        assert_eq!(answer.into_body().collect().await.unwrap().to_bytes(), "");
    });
}

#[test]
fn rayon_inside_spawn_blocking() {
    quiet(async || {
        let sum = spawn_blocking(|| (0..1000_u64).into_par_iter().map(|number| number + 1).sum::<u64>());
        assert_eq!(sum.await.unwrap(), 500_500);
    });
}

#[test]
fn a_cache_of_moka() {
    quiet(async || {
        let cache = moka::future::Cache::new(100);
        join_all((0..20).map(async |number: u64| cache.get_with(number % 3, async { number }).await)).await;
        cache.run_pending_tasks().await;
    });
}

/// Many tasks and threads say something at once.
async fn talk(say: impl Fn(u32) + Send + Sync + Copy + 'static) {
    let thread = thread::spawn(move || (0..100).for_each(say));
    let tasks = (0..6).map(|_| {
        tokio::spawn(async move {
            for number in 0..30 {
                say(number);
                tokio::task::yield_now().await;
            }
        })
    });
    join_all(tasks).await;
    spawn_blocking(|| thread.join().unwrap()).await.unwrap();
}

#[test]
fn tracing_to_the_terminal() {
    let subscriber = tracing_subscriber::fmt().with_writer(std::io::stderr).finish();
    tracing::subscriber::with_default(subscriber, || {
        quiet(async || {
            let here = tracing::Dispatch::default();
            tracing::dispatcher::with_default(&here, || tracing::info!("a parcel"));
            tracing::info!("a parcel");
        });
    });
}

#[test]
fn tracing_to_the_terminal_by_many_threads_at_once() {
    let subscriber = Arc::new(tracing_subscriber::fmt().with_writer(std::io::stdout).finish());
    let dispatch = tracing::Dispatch::new(subscriber);
    quiet(async || {
        let dispatch: &'static tracing::Dispatch = Box::leak(Box::new(dispatch.clone()));
        talk(|number| tracing::dispatcher::with_default(dispatch, || tracing::warn!(number, "a parcel"))).await;
    });
}

#[test]
fn tracing_to_one_writer_that_is_locked_for_each_line() {
    let writer = std::sync::Mutex::new(std::io::stderr());
    let dispatch = tracing::Dispatch::new(tracing_subscriber::fmt().with_writer(writer).finish());
    quiet(async || {
        let dispatch: &'static tracing::Dispatch = Box::leak(Box::new(dispatch.clone()));
        talk(|number| tracing::dispatcher::with_default(dispatch, || tracing::warn!(number, "a parcel"))).await;
    });
}

#[test]
fn log_to_the_terminal_by_many_threads_at_once() {
    let say = |out: &mut env_logger::fmt::Formatter, record: &log::Record<'_>| writeln!(out, "{}", record.args());
    let logger = env_logger::Builder::new().filter_level(log::LevelFilter::Info).format(say).try_init();
    // Another test of this process may have set one.
    drop(logger);
    quiet(async || talk(|number| log::info!("parcel {number}")).await);
}
