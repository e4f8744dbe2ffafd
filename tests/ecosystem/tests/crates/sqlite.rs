//! sqlx with `SQLite`: its threads, and the database's own waits for a lock.

use sqlx::sqlite::{SqliteConnectOptions, SqlitePool, SqlitePoolOptions};
use sqlx::{Connection as _, Row as _, SqliteConnection, query};
use std::time::Duration;

use standstill::prelude::*;
use tempfile::NamedTempFile;
use tokio::task::JoinSet;
use tokio::time::sleep;

async fn pool_of(connections: u32, file: &NamedTempFile) -> SqlitePool {
    let options = SqlitePoolOptions::new().max_connections(connections).acquire_timeout(10.secs());
    options.connect_with(SqliteConnectOptions::new().filename(file.path())).await.unwrap()
}

async fn connect(file: &NamedTempFile, busy_timeout: Duration) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(file.path()).busy_timeout(busy_timeout);
    SqliteConnection::connect_with(&options).await.unwrap()
}

/// Makes a table, and a connection that has it locked for writing.
async fn locked(file: &NamedTempFile) -> SqliteConnection {
    let mut connection = connect(file, 0.secs()).await;
    query("CREATE TABLE orders (id INTEGER)").execute(&mut connection).await.unwrap();
    query("BEGIN IMMEDIATE").execute(&mut connection).await.unwrap();
    connection
}

#[async_test(blocking(files = "allow"))]
async fn twenty_tasks_use_five_connections_in_four_rounds() {
    let file = NamedTempFile::new().unwrap();
    let pool = pool_of(5, &file).await;

    let mut tasks = JoinSet::new();
    for number in 0..20_i64 {
        let pool = pool.clone();
        tasks.spawn(async move {
            let mut connection = pool.acquire().await.unwrap();
            sleep(1.secs()).await;
            query("SELECT ?").bind(number).fetch_one(&mut *connection).await.unwrap().get::<i64, _>(0)
        });
    }

    assert_eq!(tasks.join_all().await.iter().sum::<i64>(), 190);
    assert_elapsed!(4.secs());
}

#[async_test(blocking(files = "allow"))]
async fn nobody_waits_for_a_connection_longer_than_the_timeout() {
    let file = NamedTempFile::new().unwrap();
    let pool = pool_of(1, &file).await;
    let _connection = pool.acquire().await.unwrap();

    assert!(matches!(pool.acquire().await, Err(sqlx::Error::PoolTimedOut)));
    assert_elapsed!(10.secs());
}

#[async_test(blocking(files = "allow"))]
async fn a_writer_gives_up_when_the_lock_is_held_longer_than_its_busy_timeout() {
    let file = NamedTempFile::new().unwrap();
    let _holder = locked(&file).await;
    let mut writer = connect(&file, 1.secs()).await;

    let error = query("INSERT INTO orders VALUES (1)").execute(&mut writer).await.unwrap_err();

    assert_eq!(error.to_string(), "error returned from database: (code: 5) database is locked");
    assert_elapsed!(1.secs());
}

#[async_test(blocking(files = "allow"))]
async fn a_writer_has_the_lock_at_its_first_try_after_the_release() {
    let file = NamedTempFile::new().unwrap();
    let mut holder = locked(&file).await;
    let mut writer = connect(&file, 5.secs()).await;
    tokio::spawn(async move {
        sleep(2.secs()).await;
        query("COMMIT").execute(&mut holder).await.unwrap();
    });

    query("INSERT INTO orders VALUES (1)").execute(&mut writer).await.unwrap();

    // It tries after 228 ms, and from then on every 100 ms.
    assert_elapsed!(2028.millis());
}
