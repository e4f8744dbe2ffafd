//! The servers alone, without virtual time.

use tokio_postgres::NoTls;

use crate::servers;

#[tokio::test]
async fn postgres_answers() {
    let Some(address) = servers::postgres() else { return };

    let url = format!("postgres://postgres@{address}/postgres");
    let (client, connection) = tokio_postgres::connect(&url, NoTls).await.unwrap();
    tokio::spawn(connection);

    assert_eq!(client.query_one("SELECT 6 * 7", &[]).await.unwrap().get::<_, i32>(0), 42);
}

#[tokio::test]
async fn redis_answers() {
    let Some(address) = servers::redis() else { return };

    let client = redis::Client::open(format!("redis://{address}")).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();

    assert_eq!(redis::cmd("PING").query_async::<String>(&mut connection).await.unwrap(), "PONG");
}
