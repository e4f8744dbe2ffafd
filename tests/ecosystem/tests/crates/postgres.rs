//! A Postgres server in a process of its own, whose work takes no virtual time: with sqlx, tokio-postgres and deadpool.

use std::net::SocketAddr;

use deadpool_postgres::{Manager, ManagerConfig, PoolError, RecyclingMethod, Runtime};
use futures::TryStreamExt as _;
use futures::future::join_all;
use sqlx::postgres::{PgPool, PgPoolOptions};
use sqlx::{query, query_scalar};
use standstill::prelude::*;
use standstill::run;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_postgres::{Client, NoTls};

use crate::servers;

fn url(address: SocketAddr) -> String {
    format!("postgres://postgres@{address}/postgres")
}

async fn pool_of(connections: u32, address: SocketAddr) -> PgPool {
    let options = PgPoolOptions::new().max_connections(connections).acquire_timeout(10.secs());
    options.connect(&url(address)).await.unwrap()
}

async fn connect(address: SocketAddr) -> Client {
    let (client, connection) = tokio_postgres::connect(&url(address), NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

fn deadpool_of(connections: usize, address: SocketAddr) -> deadpool_postgres::Pool {
    let config = ManagerConfig { recycling_method: RecyclingMethod::Fast };
    let manager = Manager::from_config(url(address).parse().unwrap(), NoTls, config);
    let pool = deadpool_postgres::Pool::builder(manager).max_size(connections).runtime(Runtime::Tokio1);
    pool.wait_timeout(Some(10.secs())).build().unwrap()
}

#[test]
fn sqlx_twenty_tasks_use_five_connections_in_four_rounds() {
    let Some(address) = servers::postgres() else { return };
    run(async || {
        let pool = pool_of(5, address).await;

        let mut tasks = JoinSet::new();
        for number in 0..20_i64 {
            let pool = pool.clone();
            tasks.spawn(async move {
                let mut connection = pool.acquire().await.unwrap();
                sleep(1.secs()).await;
                query_scalar::<_, i64>("SELECT $1").bind(number).fetch_one(&mut *connection).await.unwrap()
            });
        }

        assert_eq!(tasks.join_all().await.iter().sum::<i64>(), 190);
        assert_elapsed!(4.secs());
    });
}

#[test]
fn sqlx_nobody_waits_for_a_connection_longer_than_the_timeout() {
    let Some(address) = servers::postgres() else { return };
    run(async || {
        let pool = pool_of(1, address).await;
        let _connection = pool.acquire().await.unwrap();

        assert!(matches!(pool.acquire().await, Err(sqlx::Error::PoolTimedOut)));
        assert_elapsed!(10.secs());
    });
}

#[test]
fn sqlx_a_transaction_is_committed_or_rolled_back_as_a_whole() {
    let Some(address) = servers::postgres() else { return };
    run(async || {
        let pool = pool_of(10, address).await;
        query("DROP TABLE IF EXISTS sqlx_orders").execute(&pool).await.unwrap();
        query("CREATE TABLE sqlx_orders (id int8 PRIMARY KEY)").execute(&pool).await.unwrap();

        let order = async |number: i64| {
            let mut transaction = pool.begin().await.unwrap();
            for line in [2 * number, 2 * number + 1] {
                query("INSERT INTO sqlx_orders VALUES ($1)").bind(line).execute(&mut *transaction).await.unwrap();
                sleep(1.secs()).await;
            }
            if number % 2 == 0 {
                transaction.commit().await.unwrap();
            } else {
                transaction.rollback().await.unwrap();
            }
        };
        join_all((0..10).map(order)).await;

        assert_elapsed!(2.secs());
        let lines = query_scalar::<_, i64>("SELECT id FROM sqlx_orders ORDER BY id").fetch_all(&pool).await.unwrap();
        assert_eq!(lines, [0, 1, 4, 5, 8, 9, 12, 13, 16, 17]);
        assert_elapsed!(2.secs());
    });
}

#[test]
fn sqlx_a_stream_of_rows_waits_for_its_reader() {
    let Some(address) = servers::postgres() else { return };
    run(async || {
        let pool = pool_of(1, address).await;

        let mut rows = query_scalar::<_, i32>("SELECT generate_series(1, 100)").fetch(&pool);
        let mut sum = 0;
        while let Some(row) = rows.try_next().await.unwrap() {
            sum += row;
            sleep(100.millis()).await;
        }

        assert_eq!(sum, 5050);
        assert_elapsed!(10.secs());
    });
}

#[test]
fn tokio_postgres_a_query_takes_no_virtual_time() {
    let Some(address) = servers::postgres() else { return };
    run(async || {
        let client = connect(address).await;
        // A timer that is far away must not fire while the server is busy.
        let query = timeout(1.secs(), client.query_one("SELECT 7 FROM pg_sleep(0.1)", &[]));

        assert_eq!(query.await.unwrap().unwrap().get::<_, i32>(0), 7);
        assert_elapsed!(0.secs());
    });
}

#[test]
fn tokio_postgres_a_cursor_gives_its_rows_in_portions() {
    let Some(address) = servers::postgres() else { return };
    run(async || {
        let mut client = connect(address).await;
        let transaction = client.transaction().await.unwrap();
        let portal = transaction.bind("SELECT generate_series(1, 100)", &[]).await.unwrap();

        let (mut portions, mut sum) = (0, 0);
        loop {
            let rows = transaction.query_portal(&portal, 10).await.unwrap();
            if rows.is_empty() {
                break;
            }
            portions += 1;
            sum += rows.iter().map(|row| row.get::<_, i32>(0)).sum::<i32>();
            sleep(1.secs()).await;
        }
        transaction.commit().await.unwrap();

        assert_eq!((portions, sum), (10, 5050));
        assert_elapsed!(10.secs());
    });
}

#[test]
fn tokio_postgres_a_notification_comes_when_it_is_sent() {
    let Some(address) = servers::postgres() else { return };
    run(async || {
        let (listener, mut connection) = tokio_postgres::connect(&url(address), NoTls).await.unwrap();
        let (sender, mut notes) = tokio::sync::mpsc::unbounded_channel();
        tokio::spawn(async move {
            while let Some(message) = std::future::poll_fn(|context| connection.poll_message(context)).await {
                if let tokio_postgres::AsyncMessage::Notification(note) = message.unwrap() {
                    sender.send(note.payload().to_owned()).unwrap();
                }
            }
        });
        listener.batch_execute("LISTEN parcels").await.unwrap();
        let notifier = connect(address).await;
        tokio::spawn(async move {
            sleep(1.hours()).await;
            notifier.batch_execute("NOTIFY parcels, 'number 7'").await.unwrap();
        });

        assert_eq!(notes.recv().await.unwrap(), "number 7");
        assert_elapsed!(1.hours());
    });
}

#[test]
fn deadpool_twenty_tasks_use_five_connections_in_four_rounds() {
    let Some(address) = servers::postgres() else { return };
    run(async || {
        let pool = deadpool_of(5, address);

        let mut tasks = JoinSet::new();
        for number in 0..20_i64 {
            let pool = pool.clone();
            tasks.spawn(async move {
                let client = pool.get().await.unwrap();
                sleep(1.secs()).await;
                client.query_one("SELECT $1::int8", &[&number]).await.unwrap().get::<_, i64>(0)
            });
        }

        assert_eq!(tasks.join_all().await.iter().sum::<i64>(), 190);
        assert_elapsed!(4.secs());
    });
}

#[test]
fn deadpool_nobody_waits_for_a_connection_longer_than_the_timeout() {
    let Some(address) = servers::postgres() else { return };
    run(async || {
        let pool = deadpool_of(1, address);
        let _client = pool.get().await.unwrap();

        assert!(matches!(pool.get().await, Err(PoolError::Timeout(_))));
        assert_elapsed!(10.secs());
    });
}

#[test]
fn deadpool_a_transaction_is_committed_or_rolled_back_as_a_whole() {
    let Some(address) = servers::postgres() else { return };
    run(async || {
        let pool = deadpool_of(10, address);
        let admin = pool.get().await.unwrap();
        admin.batch_execute("DROP TABLE IF EXISTS pool_orders; CREATE TABLE pool_orders (id int8)").await.unwrap();
        drop(admin);

        let order = async |number: i64| {
            let mut client = pool.get().await.unwrap();
            let transaction = client.transaction().await.unwrap();
            for line in [2 * number, 2 * number + 1] {
                transaction.execute("INSERT INTO pool_orders VALUES ($1)", &[&line]).await.unwrap();
                sleep(1.secs()).await;
            }
            // What is dropped is rolled back.
            if number % 2 == 0 {
                transaction.commit().await.unwrap();
            }
        };
        join_all((0..10).map(order)).await;

        assert_elapsed!(2.secs());
        let rows = pool.get().await.unwrap().query("SELECT id FROM pool_orders ORDER BY id", &[]).await.unwrap();
        let lines: Vec<i64> = rows.iter().map(|row| row.get(0)).collect();
        assert_eq!(lines, [0, 1, 4, 5, 8, 9, 12, 13, 16, 17]);
        assert_elapsed!(2.secs());
    });
}
